package dev.holdfast.engine.config.recovery;

import dev.holdfast.engine.config.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// A request, and which answer is the right one. Redirections are answers like others.
///
/// @param method such as `GET`
/// @param body sent with it
/// @param expect of the answer
public record HttpCall(
    String method, URI address, List<Header> headers, Optional<String> body, Expectation expect) {
  public HttpCall {
    headers = List.copyOf(headers);
  }

  /// A `GET` that any status from 200 to 299 is the answer to.
  public static HttpCall get(URI address) {
    return new HttpCall("GET", address, List.of(), Optional.empty(), Expectation.SUCCESS);
  }

  /// A header of the request.
  ///
  /// @param text the value, or what stands before the secret
  /// @param secret the rest of the value
  public record Header(String name, String text, Optional<Secret> secret) {}

  /// Which answer is right.
  ///
  /// @param statuses any of these; none: 200 to 299
  /// @param contains what the body must contain
  public record Expectation(List<Integer> statuses, Optional<String> contains) {
    /// Any status from 200 to 299.
    public static final Expectation SUCCESS = new Expectation(List.of(), Optional.empty());

    private static final int GOOD_FROM = 200;
    private static final int GOOD_UP_TO = 299;

    public Expectation {
      statuses = List.copyOf(statuses);
    }

    /// Whether a status is one of those expected.
    public boolean accepts(int status) {
      return statuses.isEmpty()
          ? status >= GOOD_FROM && status <= GOOD_UP_TO
          : statuses.contains(status);
    }
  }

  /// Scheme, host and port, for messages: the rest may hold secrets.
  public String place() {
    return address.getScheme() + "://" + address.getRawAuthority() + "/";
  }
}
