/// Runs the tasks of one simulation, one job at a time, in the order in which they became ready, on the thread that
/// asks for it. Between two calls of ``runUntilIdle()`` every task is suspended.
final class SimulatedExecutor: TaskExecutor, @unchecked Sendable {
    // @unchecked: a simulation has one thread; nothing in it resumes a task from elsewhere.
    private var ready: [UnownedJob] = []
    private var next = 0

    func enqueue(_ job: consuming ExecutorJob) { ready.append(UnownedJob(job)) }

    /// Runs jobs, and what they make ready, until every task has ended or waits for something.
    func runUntilIdle() {
        let executor = unsafe asUnownedTaskExecutor()
        while next < ready.count {
            let job = ready[next]
            next += 1
            unsafe job.runSynchronously(on: executor)
        }
        ready.removeAll(keepingCapacity: true)
        next = 0
    }
}
