import SimulatedDisk

/// One fault of one run: enough to repeat it.
struct FaultPlan: Sendable, CustomStringConvertible {
    var machine: Machine
    var fault: SimulatedDisk.Fault
    var calls: SimulatedDisk.Calls
    var lasts = false
    /// The nth call of these kinds, from the chapter's beginning.
    var call: UInt64
    /// Settles what later power cuts leave, and whether the other computers lose power as well.
    var seed: UInt64
    var isPowerCut = false

    var description: String {
        "\(fault)\(lasts ? ", lasting" : ""), seed \(seed), at call \(call) of kinds \(calls.rawValue) at \(machine)"
    }
}

/// The ways in which a disk can let a program down; each is tried at every call that it concerns.
enum FaultKind: String, CaseIterable, Sendable {
    case powerCut, failure, lastingFailure, forgetfulFailure, shortRead, full, lastingFull

    var calls: SimulatedDisk.Calls {
        switch self {
        case .powerCut, .lastingFailure: .changing
        case .failure: .all
        case .forgetfulFailure: .sync
        case .shortRead: .read
        case .full, .lastingFull: .write
        }
    }

    func plan(_ machine: Machine, call: UInt64, seed: UInt64) -> FaultPlan {
        let fault: SimulatedDisk.Fault
        switch self {
        case .powerCut: fault = .powerCut(random: seed &* 1_000_003 &+ call)
        case .failure, .lastingFailure: fault = .failure
        case .forgetfulFailure: fault = .forgetfulFailure
        case .shortRead: fault = .shortRead
        case .full, .lastingFull: fault = .full
        }
        return FaultPlan(
            machine: machine, fault: fault, calls: calls, lasts: self == .lastingFailure || self == .lastingFull,
            call: call, seed: seed, isPowerCut: self == .powerCut)
    }
}
