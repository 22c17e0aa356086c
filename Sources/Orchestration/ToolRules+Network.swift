/// Programs that ask a server.
extension ToolRules {
    // MARK: curl

    /// Only requests that fetch; files beside the reader make it a dry run.
    static func curl(_ arguments: ArraySlice<String>) -> Lane {
        guard let read = curlFlags.read(arguments) else { return .execute }
        let addresses = read.operands + read.values("--url")
        let isGet = read.has("-G", "--get")
        guard addresses.allSatisfy(isFetched),
            read.flags.allSatisfy({ onlyFetches($0, isGet: isGet) })
        else { return .execute }
        var files = read.values("-o", "--output", "-D", "--dump-header").filter { $0 != "-" }
        if read.has("-O", "--remote-name") {
            files += addresses.map { address in
                let path = address.split(separator: "?", omittingEmptySubsequences: false)[0]
                return String(path.split(separator: "/").last ?? "")
            }
        }
        return files.map(CommandLane.lane(ofOutput:)).max() ?? .readOnly
    }

    private static func onlyFetches(_ flag: CommandArguments.Flag, isGet: Bool) -> Bool {
        switch flag.name {
        case "-X", "--request": return ["GET", "HEAD"].contains(flag.value)
        // With `-G` they are a part of the address; `@` sends a file.
        case "-d", "--data", "--data-urlencode":
            let name = flag.value.prefix { $0 != "=" }
            return isGet && !name.contains("@")
        case "-H", "--header": return !flag.value.hasPrefix("@")
        // It can name a file to write.
        case "-w", "--write-out":
            return !flag.value.hasPrefix("@") && !flag.value.contains("output{")
        default: return true
        }
    }

    /// Other schemes than HTTP can carry commands.
    private static func isFetched(_ address: String) -> Bool {
        guard let scheme = address.firstRange(of: "://") else { return true }
        return ["http", "https"].contains(address[..<scheme.lowerBound].lowercased())
    }

    private static let curlFlags = FlagGrammar(
        bare: "-s -S -f -I -L -v -k -G -i -N -g -O -4 -6 --silent --show-error --fail --head "
            + "--fail-with-body --location --verbose --insecure --get --include --compressed "
            + "--no-buffer --globoff --remote-name --ipv4 --ipv6 --http1.1 --http2 "
            + "--no-progress-meter",
        valued: "-H --header -A --user-agent -m --max-time --connect-timeout -u --user -w "
            + "--write-out -o --output -D --dump-header -e --referer -X --request -d --data "
            + "--data-urlencode --url --resolve --connect-to --retry --retry-delay "
            + "--retry-max-time -r --range --cacert -b --cookie --interface")

    // MARK: openssl

    /// Only certificates that are shown and connections that are tried.
    static func openssl(_ arguments: ArraySlice<String>) -> Lane {
        guard let verb = arguments.first, let grammar = opensslVerbs[verb],
            grammar.read(arguments.dropFirst()) != nil
        else { return .execute }
        return .readOnly
    }

    private static let opensslVerbs: [String: FlagGrammar] = [
        "version": FlagGrammar(.words, bare: "-a -v -d"),
        "x509": FlagGrammar(
            .words,
            bare: "-noout -text -subject -issuer -dates -startdate -enddate -serial -fingerprint "
                + "-sha1 -sha256 -hash -subject_hash -issuer_hash -email -ocsp_uri -purpose "
                + "-pubkey -modulus",
            valued: "-in -inform -ext -checkend -checkhost -checkip -nameopt -certopt"),
        "s_client": FlagGrammar(
            .words,
            bare: "-showcerts -brief -status -tls1_2 -tls1_3 -verify_return_error -quiet "
                + "-no_ign_eof -prexit",
            valued: "-connect -servername -verify -verify_hostname -CAfile -CApath -starttls -alpn "
                + "-host -port -name"),
        "verify": FlagGrammar(
            .words, bare: "-verbose -show_chain -crl_check -partial_chain",
            valued: "-CAfile -CApath -untrusted -verify_hostname -purpose"),
        "crl": FlagGrammar(
            .words, bare: "-noout -text -issuer -lastupdate -nextupdate -fingerprint",
            valued: "-in -inform -CAfile"),
        "ocsp": FlagGrammar(
            .words, bare: "-text -resp_text -req_text -no_nonce",
            valued: "-issuer -cert -url -CAfile -VAfile -header"),
    ]
}
