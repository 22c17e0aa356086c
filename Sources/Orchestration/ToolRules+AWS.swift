extension ToolRules {
    /// Looks under operations that look; rehearses where the service itself is asked to.
    static func aws(_ arguments: ArraySlice<String>) -> Lane {
        guard let global = awsGlobals.read(arguments, limit: 2), global.operands.count == 2,
            onlyPlainArguments(global.rest)
        else { return .execute }
        let (service, operation) = (global.operands[0], global.operands[1])
        // Only printed, and nothing is called.
        if global.rest.contains(where: isSkeletonFlag) { return .dryRun }
        if let flag = awsRehearsals[service], let last = global.rest.lastIndex(of: flag) {
            // What is not known could take the flag back.
            let isTakenBack =
                global.rest.contains { $0.hasPrefix("--no-d") }
                || global.rest[last...].contains { $0.utf8.first == 0 }
            return isTakenBack ? .execute : .dryRun
        }
        if service == "s3api", operation == "get-object" { return download(global.rest) }
        if service == "cloudfront", operation == "test-function" { return .dryRun }
        if operation == "wait" { return awsListed.contains(service) ? .readOnly : .execute }
        if awsListed.contains(service), isListing(operation) { return .readOnly }
        let reads = awsOperations[service, default: []].contains { known in
            known.hasSuffix("-") ? operation.hasPrefix(known) : operation == known
        }
        return reads ? .readOnly : .execute
    }

    private static func isListing(_ operation: String) -> Bool {
        operation.hasPrefix("describe-") || operation.hasPrefix("list-")
    }

    private static func isSkeletonFlag(_ word: String) -> Bool {
        word == "--generate-cli-skeleton" || word.hasPrefix("--generate-cli-skeleton=")
    }

    /// Every operation has flags of its own, of which each takes words up to the next flag; what
    /// sends the request elsewhere, or is not known, is refused.
    private static func onlyPlainArguments(_ arguments: ArraySlice<String>) -> Bool {
        let elsewhere = ["--endp", "--ca-b", "--no-ver", "--with-dec", "--debug"]
        var isBehindFlag = false
        for word in arguments {
            let isFlag = word.utf8.first == UInt8(ascii: "-")
            if isFlag {
                let isLong = word.hasPrefix("--") && word.utf8.count > 2
                guard isLong, !elsewhere.contains(where: word.hasPrefix) else { return false }
            } else if word.utf8.first == 0, !isBehindFlag {
                return false
            }
            isBehindFlag = isFlag
        }
        return true
    }

    /// Writes the file that stands behind the flags.
    private static func download(_ arguments: ArraySlice<String>) -> Lane {
        let flags = FlagGrammar(
            valued: "--bucket --key --version-id --range --query --output --region --profile")
        guard let read = flags.read(arguments), read.operands.count == 1 else { return .execute }
        return max(.dryRun, CommandLane.lane(ofOutput: read.operands[0]))
    }

    private static let awsGlobals = FlagGrammar(
        bare: "--no-cli-pager --no-paginate --no-sign-request",
        valued: "--profile --region --output --query --color --cli-read-timeout "
            + "--cli-connect-timeout")

    /// The flag with which a service only tells whether it would act.
    private static let awsRehearsals = ["ec2": "--dry-run", "kms": "--dry-run", "s3": "--dryrun"]

    /// Services whose `describe-` and `list-` operations look.
    private static let awsListed: Set<String> = [
        "accessanalyzer", "acm", "application-autoscaling", "athena", "autoscaling", "backup",
        "cloudformation", "cloudfront", "cloudtrail", "cloudwatch", "codebuild", "codepipeline",
        "config", "configservice", "dms", "docdb", "dynamodb", "ec2", "ecr", "ecs", "efs", "eks",
        "elasticache", "elb", "elbv2", "emr", "events", "firehose", "fsx", "globalaccelerator",
        "glue", "guardduty", "health", "iam", "imagebuilder", "inspector2", "kafka", "kinesis",
        "kms", "lambda", "logs", "mq", "network-firewall", "opensearch", "organizations", "pipes",
        "ram", "rds", "redshift", "resource-groups", "route53", "route53resolver", "s3api",
        "s3control", "scheduler", "secretsmanager", "securityhub", "service-quotas",
        "servicediscovery", "shield", "sns", "sqs", "ssm", "stepfunctions", "support", "transfer",
        "wafv2",
    ]

    /// Other operations that look; those that hand out secrets, powers or files are not here.
    private static let awsOperations: [String: [String]] = [
        "accessanalyzer": ["get-finding", "get-finding-v2", "get-analyzer", "validate-policy"],
        "acm": ["get-certificate"],
        "athena": ["get-query-execution", "get-work-group"],
        "ce": ["get-"],
        "cloudformation": [
            "get-template", "get-template-summary", "get-stack-policy", "validate-template",
            "estimate-template-cost",
        ],
        "cloudfront": [
            "get-distribution", "get-distribution-config", "get-invalidation", "get-cache-policy",
            "get-origin-request-policy", "get-response-headers-policy",
        ],
        "cloudtrail": ["lookup-events", "get-trail", "get-trail-status", "get-event-selectors"],
        "cloudwatch": ["get-metric-statistics", "get-metric-data", "get-dashboard"],
        "codebuild": ["batch-get-builds", "batch-get-projects"],
        "codepipeline": ["get-pipeline", "get-pipeline-state", "get-pipeline-execution"],
        "compute-optimizer": ["get-"],
        "configure": ["list"],
        "dynamodb": ["query", "scan", "get-item", "batch-get-item"],
        "ec2": [
            "get-console-output", "get-ebs-encryption-by-default",
            "get-managed-prefix-list-entries",
            "search-transit-gateway-routes",
        ],
        "ecr": ["batch-get-image", "get-lifecycle-policy", "get-repository-policy"],
        "events": ["test-event-pattern"],
        "guardduty": ["get-detector", "get-findings", "get-findings-statistics"],
        "iam": [
            "get-account-summary", "get-group", "get-group-policy", "get-instance-profile",
            "get-policy", "get-policy-version", "get-role", "get-role-policy", "get-user",
            "get-user-policy", "simulate-custom-policy", "simulate-principal-policy",
        ],
        "kms": ["get-key-policy", "get-key-rotation-status"],
        "lambda": [
            "get-account-settings", "get-alias", "get-event-source-mapping",
            "get-function-concurrency", "get-function-configuration", "get-policy",
        ],
        "logs": [
            "filter-log-events", "get-log-events", "get-log-record", "get-query-results",
            "start-query", "tail", "test-metric-filter",
        ],
        "pricing": ["get-products", "describe-services", "get-attribute-values"],
        "route53": [
            "get-hosted-zone", "get-health-check", "get-health-check-status", "get-change",
        ],
        "s3": ["ls"],
        "s3api": [
            "head-bucket", "head-object", "get-bucket-", "get-object-acl", "get-object-attributes",
            "get-object-legal-hold", "get-object-lock-configuration", "get-object-retention",
            "get-object-tagging", "get-public-access-block",
        ],
        "s3control": ["get-public-access-block"],
        "secretsmanager": ["get-resource-policy"],
        "securityhub": ["get-findings"],
        "sns": ["get-topic-attributes", "get-subscription-attributes"],
        "sqs": ["get-queue-attributes", "get-queue-url"],
        "ssm": ["get-automation-execution", "get-command-invocation"],
        "stepfunctions": [
            "get-execution-history", "validate-state-machine-definition",
        ],
        "sts": ["get-caller-identity", "decode-authorization-message"],
        "wafv2": ["get-web-acl", "get-sampled-requests", "get-ip-set", "get-rule-group"],
    ]
}
