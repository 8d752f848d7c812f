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
    }

    public var code: Code
    public var message: String
    /// The cases that share a number, for `ambiguousNumber`.
    public var candidates: [CaseReference] = []
    /// What was found in the text and where, for `personalData`. No part of the text.
    public var findings: [GuardFinding] = []
    public var cause: (any Error)?

    public init(
        _ code: Code, _ message: String, candidates: [CaseReference] = [], cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.candidates = candidates
        self.cause = cause
    }

    public var description: String { message }
}
