import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Brings the classes of a jar to the class file format of Java 8, with stack maps. Picocli is
/// compiled for Java 5, whose classes an ahead-of-time cache cannot hold: they would be loaded and
/// verified at every start, which takes longer than all the rest of a short command.
///
/// Run as a source file: `java Modernize.java IN.jar OUT.jar`.
final class Modernize {
  private Modernize() {}

  public static void main(String[] args) throws IOException {
    Path source = Path.of(args[0]);
    try (JarFile jar = new JarFile(source.toFile());
        OutputStream file = Files.newOutputStream(Path.of(args[1]));
        JarOutputStream out = new JarOutputStream(file)) {
      ClassFile format =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(type -> open(jar, type.descriptorString()))
                      .orElse(ClassHierarchyResolver.defaultResolver())
                      .cached()));
      for (JarEntry entry : jar.stream().toList()) {
        byte[] content = jar.getInputStream(entry).readAllBytes();
        boolean old =
            entry.getName().endsWith(".class")
                && !entry.getName().endsWith("module-info.class")
                && content[7] < ClassFile.JAVA_8_VERSION;
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(old ? modernize(format, content) : content);
        out.closeEntry();
      }
    }
  }

  private static byte[] modernize(ClassFile format, byte[] content) {
    ClassModel model = format.parse(content);
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
          } else {
            builder.with(element);
          }
        };
    // Taking the code apart is what makes the stack maps be computed.
    return format.transformClass(
        model, version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
  }

  private static InputStream open(JarFile jar, String descriptor) {
    String name = descriptor.substring(1, descriptor.length() - 1) + ".class";
    JarEntry entry = jar.getJarEntry(name);
    try {
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      return null;
    }
  }
}
