import ChangeLog
import SyncProtocol

/// What must be so of the answer to a request that the server has understood.
struct SyncExpectation {
    private let request: SyncRequest
    private let answer: SyncResponse
    private let site: SessionSite

    init(_ request: SyncRequest, _ answer: SyncResponse, _ site: SessionSite) {
        self.request = request
        self.answer = answer
        self.site = site
    }

    /// Where the server does not know the replica's past, nothing is taken.
    var mayChange: Bool { answer.outcome != .diverged && !request.commits.isEmpty }

    func check() throws {
        let wantsPage = !request.wantsNoPage && answer.outcome == .done
        try hold((answer.page != nil) == wantsPage, "a page comes that is not to come, or none that is")
        if answer.page == nil { try hold(answer.cursor == request.cursor, "a cursor moves without a page") }
        try checkHeld()
        if answer.outcome == .epoch {
            let epochs = request.commits.flatMap { $0.changes.map(\.header.epoch) }
            try hold(epochs.contains { $0 != SessionTemplate.epoch }, "what is sealed with the newest key is not taken")
        }
        let numbers = site.template.numbersB
        for lease in answer.leases {
            for other in numbers.leases {
                try hold(
                    lease.start >= other.start + other.count || lease.start + lease.count <= other.start,
                    "a number of B is given to another")
            }
        }
        try hold(answer.desk != numbers.desk, "B's small number is given to another")
    }

    /// What is said to be held is what was sent, wherever the answer accepts all of it.
    private func checkHeld() throws {
        guard answer.outcome == .done else { return }
        let digests = request.commits.map(\.digest)
        try hold(answer.heldDigests.starts(with: digests), "an answer accepts commits without holding them")
        try hold(answer.heldNumber >= request.confirmedNumber, "an answer holds less than it accepts")
    }
}
