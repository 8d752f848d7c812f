public import Casework
public import HTTPClient
import Merge
public import Replica
import Support
import SyncClient
import SyncProtocol
import Trust

/// One counsellor's workstation: casework on a replica, in sync as far as the network lets it, with drafts and search.
///
/// ```swift
/// let workstation = try Workstation(folder: "/home/s3/.local/share/lugn")
/// try await withThrowingTaskGroup(of: Void.self) { group in
///     group.addTask { try await workstation.run() }
///     let draft = try workstation.startCall(by: AuthorCode("S3"), holder: "tab")
/// }
/// ```
///
/// Everything that a page or a program shows to a counsellor goes through it. Calls block as long as SQLite works, a
/// few milliseconds; all of them may be made from any thread, and work whether or not ``run()`` does and there is a network.
public final class Workstation: Sendable {
    public let casework: Casework
    let folder: String
    let drafts: DraftStore
    let counsellors: Counsellors
    let wallMilliseconds: @Sendable () -> Int64
    let connection = Lock(SyncState.Connection.untried)
    let changes = ChangeFeed()
    let settled = SettledConflicts()
    /// Unsent work as it was read here last, of each workstation.
    let readWork = Lock<[DeviceID: Lead.UnsentWork]>([:])
    let enrolling = Enrolling()
    /// How long to wait before the network is tried again while this computer comes into a line.
    let retrySeconds: Double
    let makeClient: @Sendable (ServerAccess) -> SyncClient
    private let link: Lock<SyncClient>

    /// Opens the data in a folder, or makes them.
    ///
    /// Drafts whose call has been saved already, and what belongs to shredded cases, are erased first.
    ///
    /// Errors: those of `Casework.init`, ``WorkstationError``.
    public convenience init(folder: String) throws {
        try self.init(Casework(path: folder + "/replica.db"), folder: folder)
    }

    /// - Parameters:
    ///   - transport: what reaches the server by what was kept of it; over the network otherwise.
    ///   - wallMilliseconds: the workstation's own clock.
    public init(
        _ casework: Casework, folder: String,
        transport: @escaping @Sendable (ServerAccess) -> any HTTPTransport = {
            HTTPClient(configuration: $0.configuration)
        }, retrySeconds: Double = 3, wallMilliseconds: @escaping @Sendable () -> Int64 = systemWallMilliseconds
    ) throws {
        self.casework = casework
        self.folder = folder
        self.wallMilliseconds = wallMilliseconds
        self.retrySeconds = retrySeconds
        let replica = casework.replica
        makeClient = { SyncClient(replica: replica, transport: transport($0)) }
        link = Lock(makeClient(try ServerAccess(folder: folder)))
        let store = try LocalStore(path: folder + "/workstation.db")
        drafts = DraftStore(store: store)
        counsellors = Counsellors(store: store, wallMilliseconds: wallMilliseconds)
        try sweep()
    }

    public var replica: Replica { casework.replica }
    var client: SyncClient { link.withLock { $0 } }

    /// Reaches the server in another way from now on.
    func reach(by access: ServerAccess) { link.withLock { $0 = makeClient(access) } }

    /// Settles how long what cases hold is kept, for all workstations: a lead's act, for which the server must be reached.
    ///
    /// Errors: `SyncError`, among them `notLead`; `badValue`. Nothing was changed then.
    public func setRetention(_ rules: RetentionRules) async throws { try await Lead(client).setRules(rules.encoded()) }

    /// Erases what is to be gone: texts of shredded cases that came in late, and drafts that are saved, thrown away or
    /// of a shredded case.
    public func sweep() throws {
        try casework.sweepShredded()
        try drafts.eraseDiscarded(before: wallMilliseconds() - DraftStore.undoMilliseconds)
        for draft in try drafts.drafts(of: nil) where try isSettled(draft) { try drafts.erase(draft.id) }
    }

    /// The draft's texts are in the data, or may not be there any more.
    private func isSettled(_ draft: CallDraft) throws -> Bool {
        let reference: CaseReference?
        if let savedIn = draft.savedIn {
            reference = savedIn
        } else if draft.form.subject == .existing {
            reference = Self.reference(typed: draft.form.quoted)
        } else {
            // Saved, but the program died before the draft was erased.
            return try casework.hasContact(draft.id)
        }
        guard let reference else { return false }
        do {
            let details = try casework.show(reference)
            let isOpenAgain = details.status == CaseStatus.open.rawValue && !details.notes.isEmpty
            return details.shreddedAt.map { draft.startedAt < $0.milliseconds && !isOpenAgain } ?? false
        } catch let error as CaseworkError where error.code == .unknownNumber {
            // Erased altogether, if a part of the call was in it.
            return draft.savedIn != nil
        }
    }

    static func reference(typed text: String) -> CaseReference? {
        do {
            return try CaseReference(parsing: text)
        } catch {
            return nil  // not a number yet: it is being typed
        }
    }

    // MARK: Finding

    /// A case by its number; notes and entries of the directory by their words. See `Casework.find`.
    public func find(_ text: String, _ filter: FindFilter = FindFilter()) throws -> FindResult {
        try casework.find(text, filter)
    }

    // MARK: Who works here

    /// Those who have a PIN on this computer.
    public func people() throws -> [Counsellor] { try counsellors.all() }

    /// Whether somebody may change from here what holds for the whole line.
    public func isLead(_ code: AuthorCode) throws -> Bool { try counsellors.isLead(code) }

    /// Makes somebody a lead on this computer, or not. Errors: `lead` for the last one, `badForm` for an unknown code.
    public func setLead(_ code: AuthorCode, _ isLead: Bool) throws { try counsellors.setLead(code, isLead) }

    /// Takes a forgotten PIN away, so that its owner chooses a new one. Errors: `lead` for the last lead's, `badForm`.
    public func forgetPIN(of code: AuthorCode) throws { try counsellors.forgetPIN(of: code) }

    /// Errors: `badPIN`; `wrongPIN`, `waitForPIN` for the old one.
    public func changePIN(from old: String, to new: String, of code: AuthorCode) throws {
        try counsellors.changePIN(from: old, to: new, of: code)
    }

    /// Errors: `badPIN`; `wrongPIN` for a code that has one already.
    public func setFirstPIN(_ pin: String, of code: AuthorCode) throws {
        try counsellors.setFirstPIN(pin, of: code)
    }

    /// Errors: `wrongPIN`, `waitForPIN`.
    public func checkPIN(_ pin: String, of code: AuthorCode) throws { try counsellors.check(pin, of: code) }

    /// A setting of this computer, such as the language of the page; nil where it is not set.
    public func preference(_ name: String) throws -> String? { try drafts.store.preference(name) }

    public func setPreference(_ name: String, _ value: String) throws {
        try drafts.store.setPreference(name, value)
    }
}
