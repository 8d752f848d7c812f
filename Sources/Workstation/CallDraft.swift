public import Casework
public import Merge

/// A call that is going on, or that nobody has ended: it is on this computer only until it is saved in a case.
public struct CallDraft: Sendable {
    /// The contact that it becomes.
    public let id: RecordID
    /// The counsellor whose it is.
    public let author: AuthorCode
    /// Milliseconds since 1970.
    public let startedAt: Int64
    /// The number for a new case, taken when the call began.
    public var number: ReferenceNumber?
    /// The case that a part of it is saved in already.
    public var savedIn: CaseReference?
    public var form: CallForm
    /// Goes up with every change.
    public var revision: Int64
    /// When it was last saved, in milliseconds since 1970.
    public var savedAt: Int64
    /// Which tab writes in it.
    public var holder: String
    /// Of what the call is to bring about beside its contact.
    var summaryID: RecordID
    var nextStepID: RecordID
    var promiseID: RecordID
    var followUpID: RecordID
}
