import Casework
import Replica

/// What a counsellor has entered in a call so far: words and texts as they were typed, whether or not they can be saved
/// as they are.
public struct CallForm: Sendable, Equatable {
    /// `new`, `existing` or `without`.
    public enum Subject: String, Sendable, CaseIterable { case new, existing, without }
    /// What the caller wants found out: the helpline calls, the caller rings back, nothing, or nobody asked.
    public enum Research: String, Sendable, CaseIterable { case call, back, no, notAsked }

    public var subject = Subject.new
    /// The number of the case that was quoted, as people write it; for `existing`.
    public var quoted = ""
    /// The caller has been given the number.
    public var isNumberGiven = false
    public var channel = "phone"
    public var language = "sv"
    /// `colleague`, `interpreter`, or empty.
    public var interpreting = ""
    /// ``Caller``, `none` for not known, or empty for not asked.
    public var caller = ""
    /// ``Concern``s.
    public var concerns: [String] = []
    /// ``AgeBand``, `none`, `nobody`, or empty.
    public var age = ""
    /// `yes`, `no`, or empty.
    public var child = ""
    /// ``Request``, or empty.
    public var request = ""
    public var text = ""
    public var nextStep = ""
    public var promise = ""
    /// As it was typed: `fre`, `1 dec`, `2017-03-20`.
    public var promiseDay = ""
    public var research = ""
    /// Nil for the proposed day; as it was typed.
    public var followUpDay = ""
    /// Closed cases: to be opened again.
    public var reopens = false
    /// What was marked as no personal data, by the name of the text: `text`, `nextStep`, `promise`.
    public var marks: [String: [String]] = [:]

    public init() {}
}
