extension Simulation {
    /// Does what a step says; where that makes no sense any more, nothing.
    func perform(_ action: Step.Action) throws {
        switch action {
        case .write(let number, let record, let fields, let padding):
            try write(desk(number), record, fields, padding)
        case .openForm(let number, let record): try openForm(desk(number), record)
        case .saveForm(let number, let fields): try saveForm(desk(number), fields)
        case .addNote(let number, let record): try addNote(desk(number), record)
        case .writeTool(let number, let record): try writeTool(desk(number), record)
        case .erase(let number, let record): try erase(desk(number), record)
        case .settle(let number, let takeOther): try settleConflict(desk(number), takeOther)
        case .takeNumbers(let number, let count): try takeNumbers(desk(number), count)
        case .writeTooMuch(let number, let record):
            try write(desk(number), record, 1, SimulatedServer.tooMuchBytes)
        case .sync(let number): sync(desk(number))
        case .watch(let number): watch(desk(number))
        case .stopWatching(let number):
            desk(number).watching?.cancel()
            desk(number).watching = nil
        case .settleAll: try settleAll()
        case .verify(let number): verify(desk(number))
        case .lateJoin(let isNewer): try lateJoin(isNewer: isNewer)
        default: try suffer(action)
        }
    }

    func desk(_ number: Int) -> Workstation { desks[number % desks.count] }
}
