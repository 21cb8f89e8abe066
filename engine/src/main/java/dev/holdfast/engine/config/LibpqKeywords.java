package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The connection keywords of libpq (PostgreSQL's manual, "Parameter Key Words") that a
/// configuration may set: all but those that are secrets themselves.
final class LibpqKeywords {
  private static final Set<String> NUMBERS =
      Set.of(
          "port",
          "connect_timeout",
          "keepalives",
          "keepalives_idle",
          "keepalives_interval",
          "keepalives_count",
          "tcp_user_timeout",
          "sslcompression",
          "sslsni",
          "gssdelegation");
  private static final List<String> KEYWORDS =
      List.of(
          "host",
          "hostaddr",
          "port",
          "dbname",
          "user",
          "passfile",
          "service",
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslnegotiation",
          "sslcertmode",
          "sslcrl",
          "sslcrldir",
          "sslsni",
          "sslcompression",
          "ssl_min_protocol_version",
          "ssl_max_protocol_version",
          "require_auth",
          "channel_binding",
          "connect_timeout",
          "keepalives",
          "keepalives_idle",
          "keepalives_interval",
          "keepalives_count",
          "tcp_user_timeout",
          "options",
          "client_encoding",
          "application_name",
          "fallback_application_name",
          "requirepeer",
          "krbsrvname",
          "gsslib",
          "gssencmode",
          "gssdelegation",
          "target_session_attrs",
          "load_balance_hosts");
  private static final long MOST = 2_147_483_647L;

  static final Shape.Struct SHAPE = shape();

  private LibpqKeywords() {}

  private static Shape.Struct shape() {
    List<Shape.Key> keys = new ArrayList<>();
    for (String keyword : KEYWORDS) {
      Shape shape =
          NUMBERS.contains(keyword)
              ? new Shape.Whole(0, keyword.equals("port") ? 65_535 : MOST)
              : new Shape.Text(Shape.Format.LINE);
      keys.add(new Shape.Key(keyword, shape, false, "libpq's " + keyword + "."));
    }
    return new Shape.Struct("settings", keys, List.of());
  }
}
