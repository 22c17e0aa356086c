/// The tables of what is a secret; one line a family.
///
/// - Source: the issuers' pages, and the rules of gitleaks 8 for prefixes, alphabets and lengths. Most
///   lengths are lower bounds here: issuers lengthen their tokens, and a longer one is no less secret.
enum SecretFamilies {
    /// Tokens that say themselves what they are; the first line that fits names the family.
    static let all: [TokenFamily] = [
        // Models
        TokenFamily("anthropic", ["sk-ant-"], .atLeast(20, .token)),
        TokenFamily("openai", ["sk-proj-", "sk-svcacct-", "sk-admin-"], .atLeast(20, .token)),
        TokenFamily("openrouter", ["sk-or-"], .atLeast(32, .token)),
        TokenFamily("openai", ["sk-"], .atLeast(32, .alphanumeric)),
        TokenFamily("hugging-face", ["hf_", "api_org_"], .atLeast(30, .alphanumeric)),
        TokenFamily("perplexity", ["pplx-"], .atLeast(40, .alphanumeric)),

        // Clouds
        TokenFamily(
            "aws-access-key-id", ["AKIA", "ASIA", "ABIA", "ACCA"], .exactly(16, .capitals)),
        TokenFamily("aws-access-key-id", ["A3T"], .exactly(17, .capitals)),
        TokenFamily("aws-bedrock", ["ABSK"], .atLeast(109, .base64)),
        TokenFamily("google-api-key", ["AIza"], .atLeast(35, .token)),
        TokenFamily("google-oauth", ["ya29."], .atLeast(30, .token)),
        TokenFamily("google-oauth", ["GOCSPX-"], .atLeast(24, .token)),
        TokenFamily("azure-ad", before: (.token, 1...4), ["Q~"], .atLeast(31, .credentials)),
        TokenFamily(
            "azure-storage", ["AccountKey="], keepsAnchor: true, .exactly(88, .base64)),
        TokenFamily(
            "azure-storage", ["SharedAccessKey="], keepsAnchor: true, .exactly(44, .base64)),
        TokenFamily("digitalocean", ["dop_v1_", "doo_v1_", "dor_v1_"], .exactly(64, .hexadecimal)),
        TokenFamily("databricks", ["dapi"], .exactly(32, .hexadecimal)),
        TokenFamily("pulumi", ["pul-"], .exactly(40, .hexadecimal)),
        TokenFamily("hashicorp-vault", ["hvs.", "hvb.", "hvr."], .atLeast(24, .token)),
        TokenFamily(
            "hashicorp-terraform", before: (.alphanumeric, 14...14), [".atlasv1."],
            .atLeast(60, .token)),
        TokenFamily("openshift", ["sha256~"], .atLeast(43, .token)),

        // Code
        TokenFamily(
            "github", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], .atLeast(36, .alphanumeric)),
        TokenFamily("github", ["github_pat_"], .atLeast(40, .word)),
        TokenFamily(
            "gitlab",
            [
                "glpat-", "gldt-", "glft-", "glsoat-", "glrt-", "glrtr-", "glcbt-", "glptt-",
                "glagent-", "gloas-", "glimt-", "glffct-",
            ], .atLeast(20, .dotted)),
        TokenFamily("npm", ["npm_"], .atLeast(36, .alphanumeric)),
        TokenFamily("pypi", ["pypi-AgE"], .atLeast(50, .token)),
        TokenFamily("rubygems", ["rubygems_"], .exactly(48, .hexadecimal)),
        TokenFamily("postman", ["PMAK-"], .atLeast(50, .token)),
        TokenFamily("linear", ["lin_api_", "lin_oauth_"], .atLeast(40, .alphanumeric)),
        TokenFamily("notion", ["ntn_"], .atLeast(40, .alphanumeric)),
        TokenFamily("notion", ["secret_"], .exactly(43, .alphanumeric)),
        TokenFamily("sentry", ["sntrys_"], .atLeast(60, .anyBase64)),
        TokenFamily("sentry", ["sntryu_"], .exactly(64, .hexadecimal)),
        TokenFamily("grafana", ["glc_"], .atLeast(32, .anyBase64)),
        TokenFamily("grafana", ["glsa_"], .atLeast(32, .word)),
        TokenFamily("grafana", ["eyJrIjoi"], .atLeast(50, .base64)),
        TokenFamily(
            "doppler", ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."],
            .atLeast(40, .dotted)),
        TokenFamily("1password", ["ops_eyJ"], .atLeast(200, .anyBase64)),

        // Messages and money
        TokenFamily(
            "slack", ["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxr-", "xoxs-", "xoxe-", "xapp-"],
            .atLeast(20, .token)),
        TokenFamily("slack", ["xoxe.xoxb-", "xoxe.xoxp-"], .atLeast(20, .token)),
        TokenFamily("slack-webhook", ["hooks.slack.com/"], keepsAnchor: true, .atLeast(30, .path)),
        TokenFamily(
            "discord-webhook", ["discord.com/api/webhooks/"], keepsAnchor: true,
            .atLeast(60, .path)),
        TokenFamily("telegram", before: (.digits, 8...10), [":A"], .atLeast(34, .token)),
        TokenFamily("telegram", ["bot"], .between(8...10, .digits), ":A", .atLeast(34, .token)),
        TokenFamily(
            "stripe",
            ["sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"],
            .atLeast(10, .alphanumeric)),
        TokenFamily("stripe", ["whsec_"], .atLeast(24, .base64)),
        TokenFamily("square", ["sq0atp-", "sq0csp-", "sq0idp-"], .atLeast(22, .token)),
        TokenFamily("square", ["EAAA"], .atLeast(56, .token)),
        TokenFamily(
            "shopify", ["shpat_", "shpca_", "shppa_", "shpss_"], .exactly(32, .hexadecimal)),
        TokenFamily("sendgrid", ["SG."], .atLeast(16, .token), ".", .atLeast(32, .token)),
        TokenFamily("twilio", ["SK", "AC"], .exactly(32, .hexadecimal)),
        TokenFamily(
            "mailchimp", before: (.hexadecimal, 32...32), ["-us"], .between(1...2, .digits)),

        // Keys and claims
        TokenFamily("age", ["AGE-SECRET-KEY-1"], .atLeast(58, .capitals)),
        TokenFamily(
            "jwt", ["ey"], .atLeast(10, .token), ".ey", .atLeast(8, .token), ".",
            .atLeast(0, .token)),
        TokenFamily("jwt", ["ZXlK"], .atLeast(80, .base64)),
    ]

    /// The families whose anchor begins the token, by the anchor's first byte, in order.
    static let tokens = table { $0.before == nil }

    /// The families whose anchor stands within the token.
    static let tokensByMiddle = table { $0.before != nil }

    /// The anchors of some families by their first byte, with each family's place in `all`.
    private static func table(
        of isWanted: (TokenFamily) -> Bool
    ) -> [[(anchor: [UInt8], family: Int)]] {
        var table = [[(anchor: [UInt8], family: Int)]](repeating: [], count: 256)
        for (place, family) in all.enumerated() where isWanted(family) {
            for anchor in family.anchors { table[Int(anchor[0])].append((anchor, place)) }
        }
        return table
    }

    /// The family of the password in an address.
    static let address = "url-password"
    /// The family of a value that a name such as `password` announces.
    static let assigned = "assigned"
    /// The family of what a request header carries.
    static let header = "header"
    /// The family of a secret access key of AWS.
    static let awsSecretKey = "aws-secret-access-key"
    /// The family of key blocks.
    static let privateKey = "private-key"

    /// Every word that stands in a placeholder, in UTF-8.
    static let placeholderWords: Set<[UInt8]> = Set(
        (all.map(\.name) + [address, assigned, header, awsSecretKey, privateKey])
            .map { Array($0.utf8) })
}
