internal import Retrieval
internal import StrictJSON

/// Times in requests: the pattern says to the letter which texts `Moment` reads, leap years included,
/// so that a request that fits the description is never refused.
extension Fields {
    static let from = time("since", "Pages and events of this time or later.")
    static let until = time("until", "Pages and events of this time or earlier.")
    static let asOf = time("as_of", "The day to judge by; what is dated later is hidden.")

    private static func time(_ name: String, _ note: String) -> Member {
        Member(
            name,
            JSONSchema(
                .string(
                    count: 2...40, .matching("^(\(age)|\(year)(-\(month))?|\(day)(\(clock))?)$")),
                note: "\(note) A day, an ISO 8601 time, or an age such as 7d."))
    }

    private static let age = "[1-9][0-9]{0,5}[smhd]"
    private static let year = "[12][0-9]{3}"
    private static let month = "(0[1-9]|1[0-2])"
    private static let leapYear =
        "([12][0-9](0[48]|[2468][048]|[13579][26])|1[26]00|2[048]00)"
    private static let day =
        "(\(year)-(\(month)-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
        + "|\(leapYear)-02-29)"
    private static let clock =
        "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?"
        + "(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?"
}
