import Retrieval
import Testing

/// Queries are told apart by their looks and taken apart into what tells.
struct ParsedQueryTests {
    /// What a query is taken for, words that must be searched, and words that must not.
    func check(
        _ query: String, _ shape: QueryShape, has: [String] = [], lacks: [String] = [],
        names: [String]? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let parsed = ParsedQuery(query)
        #expect(parsed.shape == shape, "\(query)", sourceLocation: sourceLocation)
        for term in has {
            #expect(
                parsed.terms.contains(term), "\(term) in \(parsed.terms)",
                sourceLocation: sourceLocation)
        }
        for term in lacks {
            #expect(
                !parsed.terms.contains(term), "\(term) in \(parsed.terms)",
                sourceLocation: sourceLocation)
        }
        if let names { #expect(parsed.names == names, sourceLocation: sourceLocation) }
    }

    @Test func `prose stays prose`() {
        for query in [
            "pods stuck in CrashLoopBackOff", "how do I redrive the dead-letter queue?",
            "kubectl keeps failing to connect to the cluster", "Terraform is stuck on a state lock",
            "the rate of errors (5xx) is high", "at three in the morning (again) nothing works",
            "Error rate is high in the last 5 minutes.", "why did git push fail", "docker",
            "Reloading an Alertmanager configuration has failed.", "node [1] is down",
            "HTTP requests to the gateway time out", "Redis memory usage: over 80% {node}",
            "日本語の質問", "هل تعمل الخدمة", "😀", "select the right queue", "2026-11-24",
        ] {
            check(query, .prose)
            #expect(ParsedQuery(query).sense == query)
        }
    }

    @Test func `a name alone is an identifier`() {
        check(
            "KubePodCrashLooping", .identifier, has: ["kube", "crash"],
            names: ["kube pod crash looping"])
        check("orders-dlq", .identifier, has: ["orders-dlq", "orders", "dlq"])
        check("Watchdog", .identifier, has: ["watchdog"])
        check("watchdog", .prose, has: ["watchdog"])
        check("aws_sqs_queue.orders", .identifier, has: ["sqs"])
    }

    @Test func `an alert is read from a webhook's message, a list and an alert alone`() {
        let alert = """
            {"status": "firing", "labels": {"alertname": "KubePodCrashLooping",
             "severity": "warning", "namespace": "payments", "pod": "api-7d9f-x2k", "container": "api"},
             "annotations": {"summary": "Pod is crash looping.",
             "description": "Pod payments/api is in waiting state."},
             "startsAt": "2026-11-24T03:00:00Z", "generatorURL": "http://prometheus.example/graph"}
            """
        let message = """
            {"version": "4", "groupKey": "{}", "receiver": "ops", "alerts": [\(alert), \(alert)]}
            """
        for text in [alert, "[\(alert)]", message] {
            check(
                text, .alert, has: ["crash", "waiting", "payments", "kubepodcrashlooping"],
                lacks: ["generatorurl", "severity", "api-7d9f-x2k", "startsat", "http"],
                names: ["KubePodCrashLooping"])
        }
        let common = """
            {"alerts": [], "commonLabels": {"alertname": "TargetDown", "job": "node-exporter"},
             "commonAnnotations": {}}
            """
        check(common, .alert, has: ["target", "node-exporter"], names: ["TargetDown"])
        check("{\"labels\": {\"alertname\": 7}}", .alert)
        check("{\"alerts\": \"none\"}", .prose)
        check("{\"labels\": {", .prose)
        check("[1, 2]", .prose)
    }

    @Test func `an expression is searched by its metrics and label values`() {
        check(
            "sum by (namespace) (rate(kube_pod_container_status_restarts_total{job=\"kube-state-metrics\"}[5m])) > 0.5",
            .promql,
            has: ["kube_pod_container_status_restarts_total", "restarts", "kube-state-metrics"],
            lacks: ["sum", "rate", "by", "5m", "job"])
        check(
            "histogram_quantile(0.99, sum(rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])) by (instance, le)) > 0.5",
            .promql, has: ["etcd", "wal", "fsync"], lacks: ["histogram_quantile", "le"])
        check("up{job=\"api\"} == 0", .promql, has: ["up", "api"])
        check(
            "kube_pod_container_status_waiting_reason{reason=\"CrashLoopBackOff\"}", .promql,
            has: ["waiting", "crash"])
        check("absent(up{job=~\"kubelet|node\"})", .promql, has: ["kubelet"])
        check("job:errors:rate5m{env=\"prod\"} > 1", .promql, has: ["errors"])
        #expect(ParsedQuery("up", as: .promql).shape == .promql)
        #expect(ParsedQuery("up", as: .promql).terms == ["up"])
    }

    @Test func `a log line is searched without its time, its level and its numbers`() {
        check(
            "2026-11-24T03:12:45.123Z ERROR connection to broker-3 refused after 30 attempts id=4f9d2c1a9b7e",
            .logLine, has: ["connection", "broker-3", "refused"],
            lacks: ["error", "30", "2026-11-24t03", "4f9d2c1a9b7e"])
        check(
            "E1124 03:12:45.000123       1 leaderelection.go:330] error retrieving resource lock kube-system/kube-scheduler: context deadline exceeded",
            .logLine, has: ["retrieving", "lock", "deadline"], lacks: ["e1124", "330"])
        check(
            "Nov  4 03:12:45 host1 kernel: Out of memory: Killed process 4242 (java)", .logLine,
            has: ["memory", "killed", "java"], lacks: ["4242", "nov"])
        check(
            "level=error ts=2026-11-24T03:12:45Z caller=main.go:7 msg=\"disk is full\" err=\"no space left on device\"",
            .logLine, has: ["disk", "full", "space"], lacks: ["caller", "main.go"])
        check(
            "{\"level\":\"error\",\"ts\":1732417965,\"msg\":\"lease lost\",\"trace\":\"4f9d2c1a9b7e\"}",
            .logLine, has: ["lease", "lost"], lacks: ["level", "trace"])
        check("FATAL: password authentication failed for user", .logLine, has: ["password"])
        check("[24/Nov/2026:03:12:45 +0000] \"GET /health\" 503", .logLine, has: ["health"])
        check("2026-11-24 03:12:45", .logLine)
        #expect(ParsedQuery("plain words", as: .logLine).terms == ["plain", "words"])
    }

    @Test func `a stack trace is searched by what was thrown`() {
        check(
            """
            java.lang.IllegalStateException: Queue full
                at com.example.orders.OrderQueue.offer(OrderQueue.java:42)
                at com.example.orders.Main.main(Main.java:7)
            Caused by: java.net.ConnectException: Connection refused
                ... 2 more
            """, .stackTrace, has: ["queue", "illegal", "refused"])
        check(
            """
            Traceback (most recent call last):
              File "/app/worker.py", line 12, in <module>
                main()
            psycopg2.OperationalError: server closed the connection unexpectedly
            """, .stackTrace, has: ["operational", "closed"], lacks: ["traceback", "12"])
        // What is raised need not be called an error, and code above it may look like one.
        check(
            """
            Traceback (most recent call last):
              File "/app/embed.py", line 118, in flush
                raise StoreError(rows)
            psycopg.errors.ReadOnlySqlTransaction: cannot execute INSERT in a transaction
            """, .stackTrace, has: ["read", "transaction", "insert"], lacks: ["raise", "rows"])
        check(
            """
            panic: runtime error: invalid memory address or nil pointer dereference
            goroutine 1 [running]:
            main.(*Server).handle(0xc000010000)
            \t/app/server.go:88 +0x1d
            """, .stackTrace, has: ["nil", "pointer"], lacks: ["0xc000010000"])
    }

    @Test func `commands and error codes`() {
        check(
            "kubectl rollout restart deployment/api -n payments --timeout=30s", .command,
            has: ["kubectl", "rollout", "restart", "timeout"], lacks: ["30s", "-n"])
        check("$ terraform force-unlock 4f9d", .command, has: ["terraform", "force-unlock"])
        check("sudo systemctl restart kubelet", .command, has: ["systemctl"], lacks: ["sudo"])
        for code in [
            "ORA-01555", "0x80070005", "ECONNREFUSED", "ERR_CONNECTION_RESET", "SQLSTATE 40001",
            "exit code 137", "HTTP 503", "status code: 429",
        ] { check(code, .errorCode) }
        check("ORA-01555 snapshot too old", .errorCode, has: ["ora-01555", "snapshot"])
        for text in [
            "A100 is slow", "ABCDEFGHIJKLM123 is odd", "ORA-1 is odd", "ORA-0155555 is odd",
            "ORA-01555xy is odd", "0xzz is odd", "0x1 is odd", "ERR_ab is odd", "ERR_AB is odd",
            "ECONNrefused is odd", "EADDRABCDEFGHIJKLM is odd", "status is odd",
        ] { check(text, .prose) }
    }

    @Test(.timeLimit(.minutes(1)))
    func `no text is too strange or too long to be taken apart`() {
        let long = String(repeating: "rate(", count: 20_000)
        let queries = [
            "\0", "\"", "{", "[", "{}", "[]", "{{{{", "at (", "at (\nat (", "E1234", "$ ", "$ x",
            "\u{202E}abc", "e\u{301}", "\r\n", "File \"", "a{", "a{b", "a{b=", "a{b=\"", "[5m]",
            "rate(", "rate()", "()", "'", "`", "=\"\"", String(repeating: "{", count: 100_000),
            long, String(repeating: "at x(\n", count: 20_000),
            String(repeating: "a=b ", count: 30_000),
            String(repeating: "\"", count: 100_001), String(repeating: "é", count: 50_000),
            String(repeating: "2026-11-24T03:12:45 ", count: 5000),
        ]
        for query in queries {
            for shape in [nil] + QueryShape.allCases.map(Optional.some) {
                let parsed = ParsedQuery(query, as: shape)
                #expect(parsed.terms.count <= 64 && parsed.names.count <= 4)
            }
        }
    }
}
