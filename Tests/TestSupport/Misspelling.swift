/// A slip of the finger.
public enum Misspelling {
    /// The name with one letter left out, replaced, or exchanged with the next.
    ///
    /// - Precondition: `name` holds two different letters side by side.
    public static func slip(in name: String, using generator: inout SeededGenerator) -> String {
        let letters = name.indices.filter { name[$0].isLetter }
        while true {
            guard let index = letters.randomElement(using: &generator) else { return name }
            var slipped = name
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: slipped.remove(at: index)
            case 1:
                let letter = "abcdefghijklmnopqrstuvwxyz".randomElement(using: &generator) ?? "x"
                slipped.replaceSubrange(index...index, with: String(letter))
            default:
                let next = name.index(after: index)
                guard next < name.endIndex, name[next].isLetter else { continue }
                slipped.replaceSubrange(index...next, with: [name[next], name[index]])
            }
            if slipped.lowercased() != name.lowercased() { return slipped }
        }
    }
}
