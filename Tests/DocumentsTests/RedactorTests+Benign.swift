import Documents
import Foundation
import TestSupport
import Testing

/// What looks like a secret and is none.
extension RedactorTests {
    @Test func `hashes, names and numbers stay`() {
        var maker = SecretMaker(seed: 19)
        Self.expectUnchanged([
            "", " ", "\n\n", "‹›", "no secret here", "日本語 🚀", "\u{FEFF}text\u{200B}",
            maker.make("commit {40h}"), maker.make("{64h}  model.safetensors"),
            maker.make("image: registry.example/app@sha256:{64h}"), maker.make("sha256:{64h}"),
            maker.make("docker://registry.example/app:1.2@sha256:{64h}"),
            maker.make("docker://app:1.2@sha256:{64h}"), maker.make("git show {7h}..{12h}"),
            maker.make("{8h}-{4h}-{4h}-{4h}-{12h}"), maker.make("etag \"{32h}\""),
            maker.make("token: {8h}-{4h}-{4h}-{4h}-{12h}"), maker.make("md5 {32h}"),
            maker.make("docid: {16h}"), maker.make("session {10d}:{10d}"),
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:agent-mesh/prod/stripe-AbCdEf",
            "secret: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCd3f",
            "s3://agent-mesh-123456789012-eu-west-1-artifacts/run-2024/a1.tar.gz",
            "token issued at 2024-05-01T12:34:56.789Z", "token: 2024-05-01T12:34:56.789Z",
            "https://host.example:8443/path?a=b@c", "http://[::1]:80/x", "ssh://git@host:22/repo",
            "git@github.com:owner/repo.git", "me@host.example:5432", "10.0.0.1:8080",
            "postgres://app@db/app", "https://h:443/@scope/pkg", "redis://cache:6379/0",
        ])
    }

    @Test func `stand-ins and references stay`() {
        Self.expectUnchanged([
            "password: <your-password-1>", "password=${DB_PASSWORD1}", "token=$TOKEN1",
            "token: $(vault read -field=token1 secret/x)", "secret: {{ .Values.secret1 }}",
            "password=\"${{ secrets.PASSWORD_1 }}\"", "api_key = var.api_key_2",
            "password: \"%(db_p4ssW0rd_1)s\"", "password=$DBPASS_a1B2c3D4e5",
            "'secret': '%Ab3dEf6hIj9%'",
            "token: \"[the-t0k3n-A1b2]\"", "token: '{t0k3nA1b2C3d4}'", "password=\"Ab3dEf6h${X}9\"",
            "password: xxxxxxxxxxxx1", "password=************", "api_key: 0000000000000000000a",
            "token: YOUR_TOKEN_1234567", "secret = changeme12345678", "api-key: example-k3y-0a9B8c",
            "password: /run/secrets/db_pass1", "token=./t0k3n/F1le", "secret: ~/.k3ys/Ab12cd34Ef",
            "password = random_password.db2.result", "token = getToken(\"abc123DEF456\")",
            "secretKeyRef:\n  name: db-credentials-v2\n  key: password",
            "secretName: grafana-admin-creds-v2", "secret: grafana-admin-creds-v2",
            "secret: default-token-x7k2p", "password_file: /etc/pw1", "token_url: https://h/t1",
            "tokens: 1024", "privateKey: ASN1OctetString", "privateKey: Self.leaf1Key",
            "x-goog-credential=gcs%40project-153318.iam.example.com%2F20200130%2Fus-east1%2F",
            "token_count=8192a", "secret/prod/stripe-api-1", "--token-ttl 3600s1",
            "--idempotency-token hooks2026", "psql --password --port=5432", "token: ABC123",
            "passwordless: yes-since-2019a", "a secret: see section 4.2.1b of the handbook",
            "Authorization: Bearer <token>", "Authorization: Bearer $TOKEN_1",
            "Authorization: Basic authentication is off", "X-Api-Key: $API_KEY", "x-api-key header",
            "Authorization: Bearer YOUR_TOKEN_1", "postgres://app:$PASSWORD@db/app",
            "postgres://app:<password>@db", "postgres://app:${PW}@db", "amqp://u:****@h",
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
            "a line `-----BEGIN RSA PRIVATE KEY-----` in a file",
            "the mask sk_" + "live_xxxxxxxxxxxxxxxx", "ghp_" + String(repeating: "x", count: 36),
            "task-antelope-and-others-in-a-row", "disk-proj-of-the-year-two-thousand",
        ])
    }

    @Test func `a certificate and a public key stay`() {
        var maker = SecretMaker(seed: 20)
        Self.expectUnchanged([
            maker.block("CERTIFICATE"), maker.block("PUBLIC KEY"),
            maker.block("PGP PUBLIC KEY BLOCK"), maker.block("CERTIFICATE REQUEST"),
            maker.make("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{43b} me@host"),
        ])
    }

    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The lines of files that redaction changes.
    private func changedLines(below folder: URL) throws -> (files: Int, lines: [String]) {
        var changed: [String] = []
        let paths = try FolderWalk(folder.path).files
        for path in paths {
            let text = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            let result = Self.redactor.redacted(text)
            guard result.redactionCount > 0 else {
                #expect(result.text == text, "\(path)")
                continue
            }
            let before = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            let after = result.text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            #expect(before.count == after.count, "\(path)")
            for (line, (old, new)) in zip(before, after).enumerated()
            where !old.elementsEqual(new) {
                changed.append("\(path):\(line + 1): \(String(decoding: new, as: UTF8.self))")
            }
        }
        return (paths.count, changed)
    }

    @Test func `nothing of the example world is replaced`() throws {
        let result = try changedLines(below: Self.checkout.appending(path: "corpora"))
        #expect(result.files >= 20)
        #expect(result.lines == [])
    }

    /// They were published by people who took care: each line that was ever found was looked at.
    @Test(.enabled(if: SharedData.isPresent, "the public runbooks lie beside the checkout"))
    func `nothing of the public runbooks is replaced`() throws {
        let folder = try #require(SharedData.folder).appending(path: "corpora")
        let result = try changedLines(below: folder)
        #expect(result.files >= 500)
        #expect(result.lines == [])
    }
}
