import Support

/// The memory that the bodies of all requests together may take, given out before they are read.
///
/// Shares keep one kind of request from shutting out the others: one account gets a quarter at most, bulk bodies half of
/// it, and a sixteenth is kept for bodies of up to 64 KiB, so that small requests pass whatever else arrives.
final class BodyBudget: Sendable {
    /// A piece of the budget, given back when the last reference goes.
    final class Share: Sendable {
        private let budget: BodyBudget
        private let account: UInt64
        private let isBulk: Bool
        private let bytes = Lock(0)

        fileprivate init(_ budget: BodyBudget, account: UInt64, isBulk: Bool) {
            self.budget = budget
            self.account = account
            self.isBulk = isBulk
        }

        /// Makes the share larger, up to `wanted` bytes in all; false, and unchanged, when there is no room.
        func grow(to wanted: Int) -> Bool {
            bytes.withLock { bytes in
                guard wanted > bytes else { return true }
                guard budget.take(wanted - bytes, total: wanted, account: account, isBulk: isBulk) else { return false }
                bytes = wanted
                return true
            }
        }

        deinit {
            let held = bytes.withLock { $0 }
            if held > 0 { budget.giveBack(held, account: account, isBulk: isBulk) }
        }
    }

    private struct State {
        var used = 0
        var bulk = 0
        var accounts: [UInt64: Int] = [:]
    }

    static let smallBytes = 64 * 1024
    private let limitBytes: Int
    private let state = Lock(State())

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    func share(account: UInt64, isBulk: Bool) -> Share { Share(self, account: account, isBulk: isBulk) }

    var usedBytes: Int { state.withLock { $0.used } }

    private func take(_ bytes: Int, total: Int, account: UInt64, isBulk: Bool) -> Bool {
        let reserve = total <= Self.smallBytes ? 0 : limitBytes / 16
        return state.withLock { state in
            let own = state.accounts[account] ?? 0
            guard state.used + bytes <= limitBytes - reserve, own + bytes <= limitBytes / 4,
                !isBulk || state.bulk + bytes <= limitBytes / 2
            else { return false }
            state.used += bytes
            state.accounts[account] = own + bytes
            if isBulk { state.bulk += bytes }
            return true
        }
    }

    private func giveBack(_ bytes: Int, account: UInt64, isBulk: Bool) {
        state.withLock { state in
            state.used -= bytes
            let own = (state.accounts[account] ?? 0) - bytes
            state.accounts[account] = own > 0 ? own : nil
            if isBulk { state.bulk -= bytes }
        }
    }
}
