package import Domain
package import Foundation

/// A page of a list, and where it ended.
package struct Page<Entry: Sendable, Place: Sendable>: Sendable {
  /// In the list's order.
  package let entries: [Entry]
  /// The place of the page's last entry, after which the next page begins; nil where nothing comes after it.
  package let next: Place?

  init(entries: [Entry], next: Place?) {
    self.entries = entries
    self.next = next
  }

  /// Of one entry more than fit on it, which tells whether there is a next page.
  init(_ entries: [Entry], limit: Int, place: (Entry) -> Place) {
    self.entries = Array(entries.prefix(limit))
    next = entries.count > limit ? self.entries.last.map(place) : nil
  }

  /// The same page, each entry as something else.
  package func map<Other: Sendable>(_ transform: (Entry) throws -> Other) rethrows -> Page<Other, Place> {
    Page<Other, Place>(entries: try entries.map(transform), next: next)
  }

  /// The same page of other entries, which are made of all of them at once.
  func replacing<Other: Sendable>(_ transform: ([Entry]) async throws -> [Other]) async rethrows -> Page<Other, Place> {
    Page<Other, Place>(entries: try await transform(entries), next: next)
  }
}

/// A place in a list that is ordered by a time and, where that ties, by an id.
package struct TimePlace: Sendable, Equatable {
  /// The entry's time.
  package let time: Instant
  /// The entry's id.
  package let id: UUID

  /// A place.
  package init(time: Instant, id: UUID) {
    self.time = time
    self.id = id
  }
}
