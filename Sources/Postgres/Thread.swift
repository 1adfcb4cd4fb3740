#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs `body` on a new thread. False when the system gives none.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  let errand = Unmanaged.passRetained(Errand(body: body))
  #if canImport(Glibc)
    var thread = pthread_t()
    let failure = pthread_create(&thread, nil, { $0.map(run) ?? nil }, errand.toOpaque())
    let started: pthread_t? = thread
  #else
    var started: pthread_t?
    let failure = pthread_create(&started, nil, run, errand.toOpaque())
  #endif
  guard failure == 0, let started else {
    errand.release()
    return false
  }
  pthread_detach(started)
  return true
}

private final class Errand: Sendable {
  let body: @Sendable () -> Void
  init(body: @escaping @Sendable () -> Void) { self.body = body }
}

private func run(_ errand: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  Unmanaged<Errand>.fromOpaque(errand).takeRetainedValue().body()
  return nil
}
