/// Programs that search and transform text.
extension ToolRules {
    // MARK: find

    /// Only with tests that look and actions that print.
    static func find(_ arguments: ArraySlice<String>) -> Lane {
        findWords.read(arguments) == nil ? .execute : .readOnly
    }

    private static let findWords = FlagGrammar(
        .words,
        bare: "-print -print0 -ls -not -o -or -a -and -empty -prune -quit -follow -xdev -mount "
            + "-depth -true -false -H -L -P -readable -writable -executable -nouser -nogroup",
        valued: "-name -iname -path -ipath -wholename -lname -regex -iregex -regextype -type "
            + "-size -mtime -mmin -atime -amin -ctime -cmin -newer -newermt -user -group -perm "
            + "-maxdepth -mindepth -links -inum -printf -fstype")

    // MARK: sed

    /// Only with one command that prints or drops lines, quits, or replaces text.
    static func sed(_ arguments: ArraySlice<String>) -> Lane {
        guard let read = sedFlags.read(arguments), let script = read.operands.first else {
            return .execute
        }
        var scanner = SedScanner(bytes: Array(script.utf8)[...])
        return scanner.onlyTransforms() ? .readOnly : .execute
    }

    private static let sedFlags = FlagGrammar(bare: "-n -E -r -u --quiet --silent --unbuffered")

    /// Reads a script of one command; what it does not know may write or run.
    private struct SedScanner {
        var bytes: ArraySlice<UInt8>

        mutating func onlyTransforms() -> Bool {
            guard !bytes.contains(UInt8(ascii: "\n")), !bytes.contains(0), skipAddress() else {
                return false
            }
            if bytes.first == UInt8(ascii: ",") {
                bytes.removeFirst()
                let rest = bytes.count
                guard skipAddress(), bytes.count < rest else { return false }
            }
            switch bytes.popFirst() {
            case UInt8(ascii: "p"), UInt8(ascii: "d"), UInt8(ascii: "q"): return bytes.isEmpty
            case UInt8(ascii: "s"):
                guard let delimiter = bytes.popFirst(), "/|#,:!@".utf8.contains(delimiter),
                    skip(upTo: delimiter), skip(upTo: delimiter)
                else { return false }
                return bytes.allSatisfy { "gIip0123456789".utf8.contains($0) }
            default: return false
            }
        }

        /// Reads a line number, `$` or `/pattern/`, where there is one.
        private mutating func skipAddress() -> Bool {
            switch bytes.first {
            case UInt8(ascii: "$"): bytes.removeFirst()
            case UInt8(ascii: "/"):
                bytes.removeFirst()
                return skip(upTo: UInt8(ascii: "/"))
            default: bytes = bytes.drop(while: \.isDigit)
            }
            return true
        }

        private mutating func skip(upTo delimiter: UInt8) -> Bool {
            while let byte = bytes.popFirst() {
                if byte == delimiter { return true }
                if byte == UInt8(ascii: "\\") { _ = bytes.popFirst() }
            }
            return false
        }
    }

    // MARK: awk

    /// Only programs that neither call another nor send output elsewhere.
    static func awk(_ arguments: ArraySlice<String>) -> Lane {
        guard let read = awkFlags.read(arguments, limit: 1), let program = read.operands.first,
            onlyPrints(awkProgram: program)
        else { return .execute }
        return .readOnly
    }

    private static let awkFlags = FlagGrammar(valued: "-F -v")

    /// `system`, `getline` and `@` reach outside; so do `>` and `|` where something is printed,
    /// unless they stand in a pattern, where they can only compare.
    private static func onlyPrints(awkProgram program: String) -> Bool {
        let bytes = Array(program.utf8)
        guard !bytes.contains(where: { "\0@\\".utf8.contains($0) }),
            !program.contains("system"), !program.contains("getline")
        else { return false }
        guard program.contains("print") else { return true }
        // Braces in texts and patterns would hide where a block ends.
        let hasTexts = bytes.contains { "\"/#".utf8.contains($0) }
        var depth = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ">") where next == UInt8(ascii: "="),
                UInt8(ascii: "|") where next == byte:
                index += 1
            case UInt8(ascii: ">"), UInt8(ascii: "|"):
                if hasTexts || depth > 0 { return false }
            default: break
            }
            index += 1
        }
        return true
    }
}
