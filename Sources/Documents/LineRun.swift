/// Lines that fit a chunk together, or one line that fits none.
struct LineRun {
    var lines: ClosedRange<Int>
    var tokens: Int
    let isLongLine: Bool
}

extension Chunker {
    /// Runs of lines of at most `tokenLimit` tokens; a single line may be larger.
    ///
    /// - Parameters:
    ///   - lines: what to cut into runs.
    ///   - source: the file.
    ///   - taken: the tokens that stand before the first run in its chunk.
    /// - Returns: the runs in order; lines that are to be cut are alone.
    func runs(
        of lines: ClosedRange<Int>, in source: SourceText, after taken: Int = 0
    ) -> [LineRun] {
        var runs: [LineRun] = []
        for line in lines {
            let tokens = TokenEstimate.tokens(in: source.lines[line - 1])
            let isLong = LongLine.isLong(line, of: source)
            let room = runs.count == 1 ? tokenLimit - taken : tokenLimit
            if let last = runs.last, !isLong, !last.isLongLine, last.tokens + tokens <= room {
                runs[runs.count - 1].lines = last.lines.lowerBound...line
                runs[runs.count - 1].tokens += tokens
            } else {
                runs.append(LineRun(lines: line...line, tokens: tokens, isLongLine: isLong))
            }
        }
        return runs
    }
}
