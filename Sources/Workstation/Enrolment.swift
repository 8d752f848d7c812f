import Support
import SyncClient
public import SyncProtocol
public import Trust

/// How this computer comes into a line, as whoever sits at it sees it.
public struct Enrolment: Sendable {
    public enum Stage: Sendable, Equatable {
        /// Nobody has begun, or it has ended: then ``Enrolment/problem`` says why.
        case idle
        /// The request is on its way, or the line's leads see it.
        case asking
        /// Six digits, to be read out to the lead who rings.
        case digits(String)
        /// The line's present recovery sheet has to be typed first.
        case oldSheet
        /// A new recovery sheet, to be put on paper and typed back. Nothing has been sent, and nothing depends on it yet.
        case newSheet(groups: [String], line: LineID)
        /// The sheet is on paper; the server is told.
        case sending
        case joined
    }

    public var stage = Stage.idle
    /// Why it has ended, or why the next try waits.
    public var problem: (any Error)?

    init(_ stage: Stage = .idle, problem: (any Error)? = nil) {
        self.stage = stage
        self.problem = problem
    }
}

/// What an invitation is for, read out of it without asking anybody.
public struct InvitationFacts: Sendable {
    public var kind: Invitation.Kind
    /// The server's address.
    public var address: String
}

/// The one coming into a line that goes on.
final class Enrolling: Sendable {
    /// What the sheet that is shown belongs to.
    enum Prepared: Sendable {
        case founding(Founding)
        case recovery(Recovery)

        var sheet: RecoverySheet {
            switch self {
            case .founding(let founding): founding.sheet
            case .recovery(let recovery): recovery.newSheet
            }
        }
        var line: LineID {
            switch self {
            case .founding(let founding): founding.line
            case .recovery(let recovery): recovery.line
            }
        }
    }

    /// What was given, and what came of it.
    struct State: Sendable {
        var shown = Enrolment()
        var client: SyncClient?
        var access = ServerAccess()
        var invitation = ""
        var name = ""
        var prepared: Prepared?
        var task: Task<Void, Never>?
        /// Which beginning it is: one that was given up says nothing any more.
        var number = 0
    }

    let state = Lock(State())

    /// Shows something, unless this one was given up meanwhile.
    func show(_ enrolment: Enrolment, of number: Int, _ change: (inout State) -> Void = { _ in }) {
        state.withLock { state in
            guard state.number == number else { return }
            state.shown = enrolment
            change(&state)
        }
    }
}
