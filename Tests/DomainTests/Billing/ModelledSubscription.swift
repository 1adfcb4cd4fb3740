@testable import Domain

/// A subscription as Stripe keeps it: it sees the truth, and says each change in an event whose `created` is up to three seconds off.
struct ModelledSubscription {
  private(set) var state: SubscriptionFacts
  private(set) var events: [StripeEventReceived] = []
  /// Since when it is past due, as the first event said that says so.
  private(set) var pastDueSince: Instant?
  private var now = 10
  private var invoices = 0
  private var random: SplitMix
  /// Whether days lie between changes, or nothing.
  private let isSlow: Bool

  init(seed: UInt64, isSlow: Bool) {
    random = SplitMix(seed: seed)
    self.isSlow = isSlow
    state = .of(Bool.random(using: &random) ? "incomplete" : "active")
    say("created", from: nil)
  }

  var isOver: Bool { state.status == "canceled" || state.status == "incomplete_expired" }
  /// Later than all that was said.
  var later: Int { now + 100 }

  /// A history of so many changes, or until it is over.
  static func history(seed: UInt64, changes: Int, isSlow: Bool = false) -> ModelledSubscription {
    var model = ModelledSubscription(seed: seed, isSlow: isSlow)
    for _ in 0..<changes where !model.isOver { model.change() }
    return model
  }

  private mutating func change() {
    now += isSlow ? random.pick([100, 3_600, 86_400]) : random.pick([0, 0, 1, 2, 3_600, 86_400])
    switch state.status {
    case "incomplete": random.below(5) == 0 ? become("incomplete_expired") : become("active")
    case "past_due": owe()
    case "unpaid": random.below(2) == 0 ? become("active") : cancel("payment_failed")
    default: run()
    }
  }

  private mutating func run() {
    switch random.below(12) {
    case 0, 1, 2: renew(failing: false)
    case 3, 4: renew(failing: true)
    case 5: setEnding()
    case 6: flap()
    case 7: update { $0.items[0].price = $0.items[0].price == "price_pro" ? "price_business" : "price_pro" }
    case 8: update { $0.pauseCollection = $0.pauseCollection == nil ? "void" : nil }
    case 9: update { _ in }
    case 10: say("trial_will_end", from: nil)
    default: random.below(3) == 0 ? cancel("cancellation_requested") : update { _ in }
    }
  }

  private mutating func owe() {
    // Apart from what was before, so that the first that says so is told from what says it of another stretch.
    now += 10
    switch random.below(6) {
    case 0, 1: become("active")
    case 2: become("unpaid")
    case 3: cancel("payment_failed")
    default: update { _ in }
    }
    now += 10
  }

  private mutating func renew(failing: Bool) {
    now += 10
    invoices += 1
    let number = invoices
    update {
      $0.latestInvoice = "in_\(number)"
      $0.items[0].periodStart = .second(number * 1_000)
      $0.items[0].periodEnd = .second(number * 1_000 + 1_000)
    }
    if failing { become("past_due") }
  }

  private mutating func setEnding() {
    update {
      $0.cancelAtPeriodEnd.toggle()
      $0.cancelAt = $0.cancelAtPeriodEnd ? $0.items[0].periodEnd : nil
    }
  }

  private mutating func flap() { for _ in 0..<(isSlow ? 1 : 3) { setEnding() } }
  private mutating func become(_ status: String) { update { $0.status = status } }

  private mutating func cancel(_ reason: String) {
    state.status = "canceled"
    state.cancellationReason = reason
    pastDueSince = nil
    say("deleted", from: nil)
  }

  private mutating func update(_ change: (inout SubscriptionFacts) -> Void) {
    let prior = state
    change(&state)
    say("updated", from: prior)
  }

  private mutating func say(_ word: String, from prior: SubscriptionFacts?) {
    let second = now + random.below(7) - 3
    events.append(
      .event(
        // In no order, as Stripe's ids are.
        String(random.next() % 1_000_000, radix: 36) + "_\(events.count)", "customer.subscription." + word, of: "sub_1",
        at: second, StripeFacts(state), from: prior.map { StripeFacts($0) }))
    guard state.status == "past_due" else { return pastDueSince = nil }
    pastDueSince = min(pastDueSince ?? .second(second), .second(second))
  }
}
