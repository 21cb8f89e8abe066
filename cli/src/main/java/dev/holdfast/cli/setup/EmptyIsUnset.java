package dev.holdfast.cli.setup;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;

/// An option that is given with nothing was not given, as in restic, whose users write `--parent
/// "$PARENT"`. Not for names of which nothing would be something else.
public final class EmptyIsUnset implements ITypeConverter<String> {
  @Override
  public @Nullable String convert(String value) {
    return value.isEmpty() ? null : value;
  }
}
