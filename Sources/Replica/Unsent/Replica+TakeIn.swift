import Merge
import SyncProtocol

extension Replica {
    /// Joins what a removed workstation had not sent, as if it had arrived: its writes keep their names and times, so that what
    /// others wrote meanwhile stands beside it where it contradicts. The next exchange gives it to the server.
    ///
    /// Taking it in again changes nothing.
    ///
    /// - Returns: how many records it changed.
    ///
    /// Errors: as of ``read(unsent:)``; nothing was changed then.
    @discardableResult
    public func takeIn(unsent page: [UInt8]) throws -> Int {
        try session { session in
            let keys = try session.keys()
            let commits = try unsentCommits(page, keys)
            let applier = PageApplier(session, keys)
            for commit in commits { try applier.join(commit) }
            if !session.changed.isEmpty, !session.state.isHealing { try session.beginHealing() }
            return Set(session.changed).count
        }
    }
}
