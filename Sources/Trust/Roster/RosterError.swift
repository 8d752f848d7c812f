/// Why an entry does not belong where it stands, or an act is not to be done.
public struct RosterError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// It does not name the entry before by number and hash.
        case notNext
        case wrongSignature
        /// The first entry of another line.
        case otherLine
        /// A first entry that founds nothing, or a later one that does.
        case misplaced
        /// The author is not in the roster, or was removed.
        case unknownAuthor
        /// The author's role does not allow it.
        case notAllowed
        case unknownDevice
        /// The id was in the roster before.
        case knownDevice
        /// The invitation was used in an admission before.
        case invitationUsed
        /// The new workstation did not agree.
        case noConsent
        /// There would be no lead left.
        case lastLead
        /// Nobody removes themselves.
        case removesItself
        /// It is larger than entries are, or holds what no reader takes.
        case malformed
        /// An act of a kind that this program does not know and must not pass over.
        case unknownAct
        /// Two branches that each take rights away: a person has to decide, with the recovery sheet.
        case undecided
    }

    public var code: Code
    /// The entry's number.
    public var number: UInt64

    public init(_ code: Code, number: UInt64) {
        self.code = code
        self.number = number
    }

    public var description: String { "\(code.rawValue) (entry \(number) of the roster)" }
}
