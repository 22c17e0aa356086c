import Documents
import Foundation
import Testing

/// Tokens that say themselves what they are.
extension RedactorTests {
    struct Family: Sendable, CustomTestStringConvertible {
        let name: String
        let pattern: String
        /// What stands before the secret and stays.
        let kept: String

        init(_ name: String, _ pattern: String, keeping kept: String = "") {
            self.name = name
            self.pattern = pattern
            self.kept = kept
        }

        var testDescription: String { "\(name) \(pattern)" }
    }

    /// One line a form: `{93t}` stands for 93 characters of an alphabet of `SecretMaker`.
    static let families: [Family] = [
        Family("anthropic", "sk-ant-api03-{93t}AA"),
        Family("anthropic", "sk-ant-admin01-{93t}AA"),
        Family("anthropic", "sk-ant-oat01-{80t}"),
        Family("anthropic", "sk-ant-new9-{20t}"),
        Family("openai", "sk-proj-{74t}T3BlbkFJ{74t}"),
        Family("openai", "sk-svcacct-{58t}T3BlbkFJ{58t}"),
        Family("openai", "sk-admin-{58t}T3BlbkFJ{58t}"),
        Family("openai", "sk-{20a}T3BlbkFJ{20a}"),
        Family("openrouter", "sk-or-v1-{64h}"),
        Family("hugging-face", "hf_{34a}"),
        Family("perplexity", "pplx-{48a}"),
        Family("aws-access-key-id", "AKIA{16c}"),
        Family("aws-access-key-id", "ASIA{16c}"),
        Family("aws-access-key-id", "ABIA{16u}"),
        Family("aws-access-key-id", "ACCA{16u}"),
        Family("aws-access-key-id", "A3T{17u}"),
        Family("aws-bedrock", "ABSK{120b}"),
        Family("google-api-key", "AIza{35t}"),
        Family("google-oauth", "ya29.{60t}"),
        Family("google-oauth", "GOCSPX-{28t}"),
        Family("azure-ad", "{3a}{1d}Q~{34t}"),
        Family("azure-storage", "{86b}==", keeping: "AccountKey="),
        Family("azure-storage", "{43b}=", keeping: "SharedAccessKey="),
        Family("digitalocean", "dop_v1_{64h}"),
        Family("digitalocean", "doo_v1_{64h}"),
        Family("digitalocean", "dor_v1_{64h}"),
        Family("databricks", "dapi{32h}"),
        Family("pulumi", "pul-{40h}"),
        Family("hashicorp-vault", "hvs.{90t}"),
        Family("hashicorp-vault", "hvs.CAES{95t}"),
        Family("hashicorp-terraform", "{14a}.atlasv1.{67t}"),
        Family("openshift", "sha256~{43t}"),
        Family("github", "ghp_{36a}"),
        Family("github", "gho_{36a}"),
        Family("github", "ghu_{36a}"),
        Family("github", "ghs_{36a}"),
        Family("github", "ghr_{76a}"),
        Family("github", "github_pat_{22a}_{59a}"),
        Family("gitlab", "glpat-{20t}"),
        Family("gitlab", "glpat-{27t}.01.{9l}"),
        Family("gitlab", "gldt-{20t}"),
        Family("gitlab", "glrt-{20t}"),
        Family("gitlab", "glsoat-{20t}"),
        Family("gitlab", "glptt-{40h}"),
        Family("npm", "npm_{36a}"),
        Family("pypi", "pypi-AgEIcHlwaS5vcmc{120t}"),
        Family("rubygems", "rubygems_{48h}"),
        Family("postman", "PMAK-{24h}-{34h}"),
        Family("linear", "lin_api_{40a}"),
        Family("notion", "ntn_{46a}"),
        Family("notion", "secret_{43a}"),
        Family("sentry", "sntrys_eyJ{100b}=_{43b}"),
        Family("sentry", "sntryu_{64h}"),
        Family("grafana", "glc_eyJ{60b}="),
        Family("grafana", "glsa_{32a}_{8h}"),
        Family("grafana", "eyJrIjoi{90b}"),
        Family("doppler", "dp.pt.{43a}"),
        Family("doppler", "dp.st.prd.{43a}"),
        Family("1password", "ops_eyJ{300t}"),
        Family("slack", "xoxb-{12d}-{12d}-{24a}"),
        Family("slack", "xoxp-{12d}-{12d}-{12d}-{32h}"),
        Family("slack", "xoxe.xoxp-1-{140a}"),
        Family("slack", "xapp-1-A{10u}-{13d}-{64h}"),
        Family(
            "slack-webhook", "services/T{10u}/B{10u}/{24a}", keeping: "https://hooks.slack.com/"),
        Family(
            "discord-webhook", "{19d}/{68t}", keeping: "https://discord.com/api/webhooks/"),
        Family("telegram", "{10d}:AA{33t}"),
        Family("telegram", "bot{9d}:AA{33t}"),
        Family("stripe", "sk_" + "live_{24a}"),
        Family("stripe", "sk_" + "test_{99a}"),
        Family("stripe", "rk_" + "live_{24a}"),
        Family("stripe", "whsec_{32a}"),
        Family("stripe", "whsec_{43b}="),
        Family("square", "sq0atp-{22t}"),
        Family("square", "sq0csp-{43t}"),
        Family("square", "EAAA{60t}"),
        Family("shopify", "shpat_{32h}"),
        Family("shopify", "shpca_{32h}"),
        Family("shopify", "shppa_{32h}"),
        Family("shopify", "shpss_{32h}"),
        Family("sendgrid", "SG.{22t}.{43t}"),
        Family("twilio", "SK{32h}"),
        Family("twilio", "AC{32h}"),
        Family("mailchimp", "{32h}-us{2d}"),
        Family("age", "AGE-SECRET-KEY-1{58u}"),
        Family("jwt", "ey{34a}.ey{120t}.{43t}"),
        Family("jwt", "ey{20a}.ey{60t}."),
        Family("jwt", "ZXlK{200b}"),
    ]

    private static let contexts = [
        "@@", "use @@ there", "\"@@\",", "(@@)", "a\n@@\nb", "`@@`", "日本@@。", "x,@@;y", "[@@]",
        "https://h.example/?q=@@&r=1",
    ]

    @Test(arguments: families)
    func `every family is found wherever it stands`(_ family: Family) {
        var maker = SecretMaker(seed: 7)
        for index in 0..<25 {
            let context = Self.contexts[index % Self.contexts.count]
                .replacing("@@", with: family.kept + "@@")
            Self.expect(maker.make(family.pattern), in: context, becomes: family.name)
        }
    }

    @Test(arguments: families)
    func `invisible characters hide no token and go with it`(_ family: Family) {
        var maker = SecretMaker(seed: 8)
        let invisible = [
            "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{E0041}",
        ]
        for _ in 0..<25 {
            let token = maker.make(family.pattern)
            let offset = maker.number(1...(token.count - 1))
            let count = maker.number(1...3)
            let hidden = (0..<count).map { _ in maker.pick(invisible) }.joined()
            let split = token.prefix(offset) + hidden + token.dropFirst(offset)
            Self.expect(String(split), in: "use \(family.kept)@@ there", becomes: family.name)
            let whole = Self.redactor.redacted("use \(family.kept)\(token) there")
            #expect(Self.redactor.redacted("use \(family.kept)\(split) there") == whole)
        }
    }

    @Test(arguments: families)
    func `a name before a token changes nothing`(_ family: Family) {
        var maker = SecretMaker(seed: 9)
        for name in ["TOKEN=", "password: ", "\"api_key\": \"", "--token ", "authorization: "] {
            let token = maker.make(family.pattern)
            let result = Self.redactor.redacted(name + family.kept + token)
            #expect(result.redactionCount == 1, "\(name)\(token) became \(result.text)")
            #expect(result.text.hasPrefix(name) && result.text.hasSuffix("›"), "\(result.text)")
        }
    }

    @Test func `no token begins or ends within a word`() {
        var maker = SecretMaker(seed: 10)
        Self.expectUnchanged([
            maker.make("task-ant-{40t}"), maker.make("xAKIA{16c}"), maker.make("AKIA{17c}"),
            maker.make("dapi{33h}"), maker.make("dapi{32h}xyz"), maker.make("MSK{32h}"),
            maker.make("SK{31h}"), maker.make("they{34a}.ey{120t}.{43t}"), maker.make("1hf_{34a}"),
            maker.make("{33h}-us1"), maker.make("{7d}:AA{33t}"), maker.make("digest sha256~{42t}"),
        ])
    }
}
