import Support

/// The steps that a run may take, each as often as the run's own draw says.
struct Deck {
    typealias Draw = (inout RandomSource) -> Step.Action
    private var cards: [(weight: Int, draw: Draw)] = []
    private var total = 0
    private let longestPause: Int64

    init(setup: Script.Setup, random: inout RandomSource) {
        let pauses: [Int64] = [10, 1_000, 30_000, 30_000, 600_000]
        longestPause = pauses[Int.random(in: 0..<pauses.count, using: &random)]
        addWork(setup, &random)
        addFaults(setup, &random)
    }

    mutating func draw(_ random: inout RandomSource) -> Step {
        var rest = Int.random(in: 0..<total, using: &random)
        let delay = Int64.random(in: 0...longestPause, using: &random)
        for card in cards {
            if rest < card.weight { return Step(after: delay, card.draw(&random)) }
            rest -= card.weight
        }
        preconditionFailure("the weights do not add up")
    }

    private mutating func add(_ weight: Int, _ draw: @escaping Draw) {
        total += weight
        cards.append((weight, draw))
    }

    private mutating func addWork(_ setup: Script.Setup, _ random: inout RandomSource) {
        let desks = setup.desks
        let records = setup.records
        let hasSchemas = setup.faults.contains(.schemas)
        func desk(_ random: inout RandomSource) -> Int { Int.random(in: 0..<desks, using: &random) }
        func record(_ random: inout RandomSource) -> Int { Int.random(in: 0..<records, using: &random) }
        func some(_ weights: Int..., random: inout RandomSource) -> Int {
            weights[Int.random(in: 0..<weights.count, using: &random)]
        }
        let longest = some(0, 0, 40, 400, random: &random)
        add(some(20, 40, 80, random: &random)) {
            .write(
                desk: desk(&$0), record: record(&$0), fields: Int.random(in: 1..<16, using: &$0),
                padding: Int.random(in: 0...longest, using: &$0))
        }
        add(some(20, 40, 80, random: &random)) { .sync(desk: desk(&$0)) }
        add(some(0, 5, 20, random: &random)) { .openForm(desk: desk(&$0), record: record(&$0)) }
        add(some(0, 5, 20, random: &random)) { .saveForm(desk: desk(&$0), fields: Int.random(in: 1..<8, using: &$0)) }
        add(some(0, 5, 20, random: &random)) { .addNote(desk: desk(&$0), record: record(&$0)) }
        add(some(0, 3, 10, random: &random)) { .settle(desk: desk(&$0), takeOther: Bool.random(using: &$0)) }
        add(some(0, 1, 10, random: &random)) {
            .takeNumbers(desk: desk(&$0), count: Int.random(in: 1...25, using: &$0))
        }
        add(some(0, 0, 5, random: &random)) { .watch(desk: desk(&$0)) }
        add(some(0, 1, random: &random)) { .stopWatching(desk: desk(&$0)) }
        add(some(0, 0, 1, random: &random)) { _ in .settleAll }
        if hasSchemas {
            add(some(3, 10, random: &random)) { .writeTool(desk: desk(&$0), record: Int.random(in: 0..<2, using: &$0)) }
            add(2) { .upgrade(desk: desk(&$0)) }
        }
    }

    private mutating func addFaults(_ setup: Script.Setup, _ random: inout RandomSource) {
        let faults = setup.faults
        let desks = setup.desks
        func desk(_ random: inout RandomSource) -> Int { Int.random(in: 0..<desks * 2, using: &random) }
        func record(_ random: inout RandomSource) -> Int { Int.random(in: 0..<setup.records, using: &random) }
        if faults.contains(.erasures) { add(2) { .erase(desk: desk(&$0), record: record(&$0)) } }
        if faults.contains(.refusals) { add(2) { .writeTooMuch(desk: desk(&$0), record: record(&$0)) } }
        add(Int.random(in: 0...1, using: &random)) { .lateJoin(isNewer: Bool.random(using: &$0)) }
        if faults.contains(.damage) {
            func row(_ random: inout RandomSource) -> Int { Int.random(in: 0..<1_000, using: &random) }
            add(1) { .flipServerBit(row: row(&$0), bit: Int.random(in: 0..<4_000, using: &$0)) }
            add(1) { .loseServerRow(row: row(&$0)) }
            add(1) { .loseDeskRow(desk: desk(&$0), row: row(&$0)) }
            add(2) { .verify(desk: desk(&$0)) }
        }
        if faults.contains(.crashes) {
            add(3) { .crash(desk: desk(&$0)) }
            add(2) { _ in .crashServer }
        }
        if faults.contains(.power) {
            add(3) { .cutPower(desk: desk(&$0), call: Int.random(in: 1...40, using: &$0)) }
            add(2) { .cutServerPower(call: Int.random(in: 1...40, using: &$0)) }
        }
        if faults.contains(.fullDisks) {
            add(2) { .fillDisk(desk: desk(&$0)) }
            add(1) { _ in .fillServerDisk }
            add(2) { _ in .repairDisks }
        }
        if faults.contains(.copies) {
            add(4) { .backUp(desk: desk(&$0)) }
            add(3) { .openCopy(backup: Int.random(in: 0..<8, using: &$0)) }
            add(2) { .restore(desk: desk(&$0)) }
        }
        if faults.contains(.restores) {
            add(3) { _ in .backUpServer }
            add(2) { .restoreServer(backup: Int.random(in: 0..<8, using: &$0)) }
        }
        if faults.contains(.partitions) {
            add(2) { .partition(desks: UInt64.random(in: .min ... .max, using: &$0)) }
            add(2) { _ in .reconnect }
        }
        if faults.contains(.clocks) {
            add(6) { .clock(desk: desk(&$0), fault: Self.clockFault(&$0)) }
            if Bool.random(using: &random) { add(1) { .serverClock(fault: Self.clockFault(&$0)) } }
        }
    }

    private static func clockFault(_ random: inout RandomSource) -> ClockFault {
        let size = [400, 5_000, 61_000, 3_600_000, 86_400_000, 3 * 365 * 86_400_000][
            Int.random(in: 0..<6, using: &random)]
        switch Int.random(in: 0..<10, using: &random) {
        case ..<6: return .jump(milliseconds: Int64.random(in: -Int64(size)...Int64(size), using: &random))
        case 6: return .drift(millionths: Int64.random(in: -500_000...500_000, using: &random))
        case 7: return .stop
        default: return .repair
        }
    }
}
