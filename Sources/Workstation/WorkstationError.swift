/// Why the workstation could not do what it was asked. It holds nothing of a case.
public struct WorkstationError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        /// There is no such draft: it was saved or thrown away.
        public static let unknownDraft = Code(name: "unknown-draft")
        /// Another tab writes in this draft.
        public static let otherTab = Code(name: "other-tab")
        /// A later change of the draft is here already.
        public static let outdated = Code(name: "outdated")
        /// What was sent does not fit.
        public static let badForm = Code(name: "bad-form")
        /// A day that cannot be read.
        public static let badDay = Code(name: "bad-day")
        /// Too short, or of other than digits.
        public static let badPIN = Code(name: "bad-pin")
        /// Not this counsellor's PIN.
        public static let wrongPIN = Code(name: "wrong-pin")
        /// Too many wrong ones; a minute's wait.
        public static let waitForPIN = Code(name: "wait")
        /// The number was not told to the caller.
        public static let numberNotGiven = Code(name: "number-not-given")
        /// The drafts' file cannot be written.
        public static let cannotKeep = Code(name: "cannot-keep")
        /// Only a lead may do this.
        public static let lead = Code(name: "lead")
        /// Another desk has published a part of the same time.
        public static let publishedMeanwhile = Code(name: "published-meanwhile")
        /// A group of a recovery sheet is mistyped, or one is missing.
        public static let mistypedSheet = Code(name: "mistyped-sheet")
        /// Another recovery sheet than the one that is asked for.
        public static let otherSheet = Code(name: "other-sheet")
        /// The disk is full.
        public static let diskFull = Code(name: "disk-full")
    }

    public var code: Code
    public var message: String
    /// How many tries are left, for `wrongPIN`.
    public var triesLeft: Int?
    /// The name of the field, for `badDay`.
    public var field: String?
    /// Which group of a sheet, from 1 on, for `mistypedSheet`; nil for the number of groups.
    public var group: Int?

    init(_ code: Code, _ message: String, triesLeft: Int? = nil, field: String? = nil, group: Int? = nil) {
        self.code = code
        self.message = message
        self.triesLeft = triesLeft
        self.field = field
        self.group = group
    }

    public var description: String { message }
}
