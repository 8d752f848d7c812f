import Support
import SyncProtocol

/// Wakes the requests that wait for news of a line.
///
/// And those whose rights may have changed meanwhile. It knows each line's last position since the server started, so that news between a look and the wait is not missed,
/// and a waiting request costs nothing until there is some.
final class LineNotifier: Sendable {
    private struct State {
        var heads: [LineID: UInt64] = [:]
        /// How often somebody's rights in a line have changed.
        var rights: [LineID: UInt64] = [:]
        var waiters: [LineID: [UInt64: CheckedContinuation<Void, Never>]] = [:]
        var cancelled: Set<UInt64> = []
        var nextID: UInt64 = 0
    }
    private let state = Lock(State())
    private let sleep: @Sendable (_ milliseconds: UInt64) async throws -> Void

    init(sleep: @escaping @Sendable (_ milliseconds: UInt64) async throws -> Void) { self.sleep = sleep }

    /// Wakes those who wait, in the order in which they came.
    func advanced(_ line: LineID, to head: UInt64) {
        let woken = state.withLock { state in
            state.heads[line] = max(head, state.heads[line] ?? 0)
            return state.waiters.removeValue(forKey: line) ?? [:]
        }
        for (_, waiter) in woken.sorted(by: { $0.key < $1.key }) {
            Marks.reach(.longPollWoken)
            waiter.resume()
        }
    }

    /// A line's log ends earlier than it did: a database was put back. Those who wait ask anew, and are told so.
    func wentBack(_ line: LineID, to head: UInt64) {
        state.withLock { $0.heads[line] = head }
        rightsChanged(in: line)
    }

    /// Wakes all who wait: each is looked at anew.
    func rightsChanged(in line: LineID) {
        let woken = state.withLock { state in
            state.rights[line, default: 0] += 1
            return state.waiters.removeValue(forKey: line) ?? [:]
        }
        for (_, waiter) in woken.sorted(by: { $0.key < $1.key }) { waiter.resume() }
    }

    /// To be asked for before rights are looked at, and given to ``wait(_:beyond:rights:milliseconds:)``.
    func rights(in line: LineID) -> UInt64 { state.withLock { $0.rights[line] ?? 0 } }

    /// Returns when the line has grown beyond the position, rights have changed, the time is over, or the task is cancelled.
    func wait(_ line: LineID, beyond position: UInt64, rights: UInt64, milliseconds: UInt64) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait(line, beyond: position, rights) }
            group.addTask {
                do { try await self.sleep(milliseconds) } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait(_ line: LineID, beyond position: UInt64, _ rights: UInt64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.cancelled.remove(id) != nil || state.heads[line] ?? 0 > position
                        || state.rights[line] ?? 0 != rights
                    {
                        return true
                    }
                    state.waiters[line, default: [:]][id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                guard let waiter = state.waiters[line]?.removeValue(forKey: id) else {
                    state.cancelled.insert(id)
                    return nil as CheckedContinuation<Void, Never>?
                }
                return waiter
            }
            waiter?.resume()
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    /// Requests that wait now.
    var waitingCount: Int { state.withLock { state in state.waiters.values.reduce(0) { $0 + $1.count } } }
}
