/// What an operator does about a store that cannot be used.
enum StoreAdvice {
    static let restore =
        "look at it with lugn-server check, put back the last backup with lugn-server restore, and the workstations bring "
        + "back what came after it"
}
