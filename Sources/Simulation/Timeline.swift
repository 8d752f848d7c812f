/// What is going to happen, in order of simulated time; what is due at the same time, in the order it was planned.
final class Timeline: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private struct Event {
        var time: Int64
        var order: UInt64
        var action: () -> Void

        static func < (left: Event, right: Event) -> Bool { (left.time, left.order) < (right.time, right.order) }
    }

    /// Milliseconds since 1970, true time: no clock of the simulation need show it.
    private(set) var now: Int64 = 1_700_000_000_000
    private var heap: [Event] = []
    private var planned: UInt64 = 0

    /// Plans something, `delay` milliseconds from now.
    func after(_ delay: Int64, _ action: @escaping () -> Void) {
        planned += 1
        heap.append(Event(time: now + max(0, delay), order: planned, action: action))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Moves time to the next event, and lets it happen; false if none is due before `end`, and time stands at it then.
    func advance(until end: Int64) -> Bool {
        guard let first = heap.first, first.time <= end else {
            now = max(now, end)
            return false
        }
        removeFirst()
        now = max(now, first.time)
        first.action()
        return true
    }

    /// Forgets everything that was planned.
    func clear() { heap.removeAll() }

    private func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
