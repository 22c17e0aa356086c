/// The names that announce a secret; one line a name.
extension SecretFamilies {
    /// What must be true of the value behind a name.
    enum Rule: Sendable {
        /// It looks random, and is no UUID.
        case assigned
        /// It looks random.
        case key
        /// It has 40 bytes of base64, or looks random.
        case awsSecretKey
        /// It is no stand-in and no plain word.
        case header
        /// The same, behind a scheme such as `Bearer`.
        case authorization
    }

    /// The names in lower case; `_` stands for one of `_-. ` or nothing.
    ///
    /// Any of them may be the end of a longer one, as in `DB_PASSWORD`, and be followed by `s`.
    private static let names: [(name: String, rule: Rule)] = [
        ("authorization", .authorization),
        ("x_api_key", .header),
        ("x_auth_token", .header),
        ("x_vault_token", .header),
        ("x_goog_api_key", .header),
        ("x_amz_security_token", .header),
        ("secret_access_key", .awsSecretKey),
        ("secret_key", .key),
        ("secret", .key),
        ("password", .key),
        ("passwd", .key),
        ("passphrase", .key),
        ("passcode", .key),
        ("pwd", .key),
        ("private_key", .key),
        ("api_key", .key),
        ("access_key", .key),
        ("auth_key", .key),
        ("account_key", .key),
        ("encryption_key", .key),
        ("signing_key", .key),
        ("credential", .key),
        ("token", .assigned),
        ("contraseña", .key),
    ]

    /// The names by their first byte, in order.
    static let announcers: [[(name: [UInt8], rule: Rule)]] = {
        var table = [[(name: [UInt8], rule: Rule)]](repeating: [], count: 256)
        for (name, rule) in names {
            let bytes = Array(name.utf8)
            table[Int(bytes[0])].append((bytes, rule))
        }
        return table
    }()

    /// Whether two bytes, the first times 256 plus the second, can begin what announces a secret, a
    /// placeholder or a key block.
    ///
    /// Nothing is announced by fewer than two bytes.
    static let beginnings: [Bool] = {
        var table = [Bool](repeating: false, count: 1 << 16)
        let marks = ["--", "Pu", "://"].map { Array($0.utf8) } + [SecretPlaceholder.opening]
        for mark in marks + all.flatMap(\.anchors) {
            table[Int(mark[0]) << 8 | Int(mark[1])] = true
        }
        for name in names.map({ Array($0.name.utf8) }) {
            let isOpen = name[1] == UInt8(ascii: "_")
            for second in isOpen ? Array("_-. ".utf8) + [name[2]] : [name[1]] {
                for first in [name[0], name[0].uppercased] {
                    for second in [second, second.uppercased] {
                        table[Int(first) << 8 | Int(second)] = true
                    }
                }
            }
        }
        return table
    }()

    /// What may stand between a name and its equals sign, in lower case.
    static let nameSuffixes: [[UInt8]] = [
        "_production", "_prod", "_staging", "_stage", "_dev", "_test", "_live", "_value", "_new",
        "_old", "_next", "_base64", "_1", "_2", "1", "2",
    ].map { Array($0.utf8) }

    /// The schemes of the Authorization header whose credentials are one word, in lower case.
    static let schemes: [[UInt8]] = [
        "bearer", "basic", "token", "apikey", "key", "bot", "geniekey", "ssws", "splunk",
    ].map { Array($0.utf8) }

    /// What only a stand-in for a secret holds, in lower case.
    static let standInWords: [[UInt8]] = [
        "example", "changeme", "change-me", "change_me", "redacted", "placeholder", "your", "xxxx",
        "dummy", "sample", "foobar", "insert", "replace", "scrubbed", "...", "***", "://",
    ].map { Array($0.utf8) }

    /// How values begin that refer to something else, in lower case.
    static let references: [[UInt8]] = [
        "arn:", "sha256:", "sha512:", "ssm:", "vault:", "env:", "file:", "op:", "./", "../", "~/",
        "@microsoft.keyvault", "!ref", "!sub", "!getatt", "!vault", "--",
    ].map { Array($0.utf8) }
}
