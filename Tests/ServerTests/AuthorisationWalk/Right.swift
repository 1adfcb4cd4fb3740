import Application
import Domain
import Server

/// What it takes to be served by a route.
enum Right: Sendable, Equatable {
  /// Nothing: whoever asks is served, or told what is wrong with what they sent.
  case nobody
  /// A project's API key with a scope.
  case key(KeyScope)
  /// The access token of anyone who logged in.
  case person
  /// The access token of a member of the account whose role gives the right to an action.
  case member(Action)
  /// Either of the two.
  case memberOrKey(Action, KeyScope)
}
