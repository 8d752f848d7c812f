public import Merge
public import Replica

/// All that is recorded of one call, to be saved in one go: the case, the contact, its texts, and what was agreed on.
///
/// Its parts have ids that are settled when the call begins, so that saving it again after a crash saves nothing twice.
public struct CallRecord: Sendable {
    public enum Subject: Sendable {
        /// A case that begins with this call, under a number from ``Casework/reserveNumber(avoiding:)``.
        case newCase(ReferenceNumber)
        case existing(CaseReference)
        /// Answered on the spot; nothing is written down.
        case withoutCase
    }

    /// Of what the call brings about.
    public struct Identities: Sendable {
        public var contact: RecordID
        public var summary: RecordID
        public var nextStep: RecordID
        public var promise: RecordID
        public var followUp: RecordID

        public init(
            contact: RecordID, summary: RecordID, nextStep: RecordID, promise: RecordID, followUp: RecordID
        ) {
            self.contact = contact
            self.summary = summary
            self.nextStep = nextStep
            self.promise = promise
            self.followUp = followUp
        }
    }

    public struct Promise: Sendable {
        public var text: MarkedText
        public var due: CalendarDate
        public init(text: MarkedText, due: CalendarDate) {
            self.text = text
            self.due = due
        }
    }

    public struct FollowUp: Sendable {
        public var kind: FollowUpKind
        /// Nil for the day that is proposed.
        public var day: CalendarDate?
        public init(kind: FollowUpKind, day: CalendarDate? = nil) {
            self.kind = kind
            self.day = day
        }
    }

    public var subject: Subject
    public var ids: Identities
    /// Of the case; in one that exists, what is nil stays as it is.
    public var fields = CaseFields()
    /// Of the contact, with its time and its texts.
    public var contact: ContactFields
    public var promise: Promise?
    public var followUp: FollowUp?
    /// A closed case is opened again.
    public var reopens = false
    /// The case is closed with the call.
    public var closing: ClosingReason?

    public init(subject: Subject, ids: Identities, contact: ContactFields) {
        self.subject = subject
        self.ids = ids
        self.contact = contact
    }
}
