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

    /// An id is good for one incarnation; where it must be told apart who wrote, nothing is taken; and what comes
    /// without a cursor says with each commit what it had seen.
    var mayChange: Bool {
        switch answer.outcome {
        case .forked, .diverged, .renew: return false
        case .done, .clock, .refused: break
        }
        if request.wantsNoPage, request.commits.allSatisfy({ $0.context == nil }) { return false }
        return request.incarnation == site.log.incarnation
    }

    func check() throws {
        try hold(answer.incarnation == site.log.incarnation, "an answer names another incarnation")
        if answer.outcome == .renew {
            try hold(request.incarnation != site.log.incarnation, "an id that is good has to be renewed")
        }
        if request.wantsNoPage || answer.outcome != .done {
            try hold(answer.page.isEmpty && answer.cursor == request.cursor, "a page comes that is not to come")
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
}
