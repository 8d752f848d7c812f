public import Support

/// Why casework could not do what it was asked. The message says what happened, what is safe and what to do; it holds
/// nothing of a case.
public struct CaseworkError: Error, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        let name: String

        /// The digits of a reference number do not fit together: a typing or hearing mistake.
        public static let mistypedNumber = Code(name: "mistypedNumber")
        /// No case here has the number.
        public static let unknownNumber = Code(name: "unknownNumber")
        /// More than one case has the number; see ``CaseworkError/candidates``.
        public static let ambiguousNumber = Code(name: "ambiguousNumber")
        /// This workstation has no reference numbers left.
        public static let numbersExhausted = Code(name: "numbersExhausted")
        /// A text is too long, or empty where it may not be.
        public static let badText = Code(name: "badText")
        /// A word or code that is none of those known.
        public static let badValue = Code(name: "badValue")
        /// The case is closed, or open, already.
        public static let alreadyDone = Code(name: "alreadyDone")
        /// Somebody has dealt with the conflict, or it never was one.
        public static let unknownConflict = Code(name: "unknownConflict")
        /// A file to be imported cannot be read at all.
        public static let badFile = Code(name: "badFile")
        /// A text has what points to a person; see ``CaseworkError/findings``.
        public static let personalData = Code(name: "personalData")
        /// The case is closed, and what was asked needs an open one.
        public static let caseClosed = Code(name: "caseClosed")
        /// The case's free text has been erased, and none may be added.
        public static let shredded = Code(name: "shredded")
        /// The entry of the directory has not been verified lately: nobody may be referred to it.
        public static let notVerified = Code(name: "notVerified")
        /// The last attempt was less than a working day ago, or there have been as many as there are to be.
        public static let tooManyAttempts = Code(name: "tooManyAttempts")
        /// The case, or the directory, has nothing of the kind.
        public static let unknownItem = Code(name: "unknownItem")
        /// No way was found to publish a report so that nothing it hides can be computed.
        public static let notSafe = Code(name: "notSafe")
        /// What the time is, is not sure enough to erase anything by it.
        public static let clockUncertain = Code(name: "clockUncertain")
        /// The line has rules about what is destroyed, and they cannot be read here.
        public static let rulesUnread = Code(name: "rulesUnread")
        /// More than one would fit.
        public static let ambiguousItem = Code(name: "ambiguousItem")
    }

    public var code: Code
    /// What happened, in whichever language.
    public var told: Message
    /// The cases that share a number, for `ambiguousNumber`.
    public var candidates: [CaseReference] = []
    /// What was found in the text and where, for `personalData`. No part of the text.
    public var findings: [GuardFinding] = []
    /// Which of several texts it was, for `personalData`; see ``MarkedText``.
    public var textName: String?
    public var cause: (any Error)?

    /// - Parameters:
    ///   - key: under which the files of words have it, behind `error.`.
    ///   - values: what is filled in there.
    public init(
        _ code: Code, _ key: String, _ values: [String: Message] = [:], candidates: [CaseReference] = [],
        cause: (any Error)? = nil
    ) {
        self.init(code, .words("error." + key, values), candidates: candidates, cause: cause)
    }

    public init(_ code: Code, _ told: Message, candidates: [CaseReference] = [], cause: (any Error)? = nil) {
        self.code = code
        self.told = told
        self.candidates = candidates
        self.cause = cause
    }

    /// In English.
    public var message: String { Words(.english)(told) }
    public var description: String { message }
}
