package dev.holdfast.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.store.ObjectStore;
import org.junit.jupiter.api.Test;

/// The directions between layers and packages.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.holdfast");

  private static final String ROOT_OF_CLI = "dev.holdfast.cli";

  @Test
  void posixKnowsNothingOfTheRest() {
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.posix..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.repository..", "dev.holdfast.engine..", "dev.holdfast.cli..")
        .check(CLASSES);
  }

  @Test
  void repositoryKnowsNoEngineAndNoCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.repository..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.engine..",
            "dev.holdfast.cli..",
            "picocli..",
            "java.sql..",
            "org.sqlite..")
        .check(CLASSES);
  }

  @Test
  void cloudsAreKnownToTheirStoreAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.holdfast.repository.s3..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.holdfast.repository.s3..", ROOT_OF_CLI)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.holdfast.repository.s3..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.repository.s3..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.repository",
            "dev.holdfast.repository.pack..",
            "dev.holdfast.repository.crypto..",
            "dev.holdfast.repository.maintenance..")
        .check(CLASSES);
  }

  @Test
  void engineKnowsNoCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.holdfast.cli..", "picocli..")
        .check(CLASSES);
  }

  @Test
  void formatHasNoInputOutputNoClockAndNoThreads() {
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.repository.format..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.net..",
                    "java.util.concurrent..",
                    "javax.crypto..",
                    "java.security..",
                    "dev.holdfast.repository.store..",
                    "dev.holdfast.repository.crypto..")
                .or(assignableTo(Thread.class))
                .or(assignableTo(java.time.Clock.class))
                .or(assignableTo(java.io.File.class))
                .or(assignableTo(java.io.FileInputStream.class))
                .or(assignableTo(java.io.FileOutputStream.class)))
        .check(CLASSES);
  }

  @Test
  void sourcesNeverSeePacks() {
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.engine.source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.repository",
            "dev.holdfast.repository.pack..",
            "dev.holdfast.repository.index..",
            "dev.holdfast.repository.write..",
            "dev.holdfast.repository.store..",
            "dev.holdfast.repository.crypto..",
            "dev.holdfast.engine.backup..")
        .check(CLASSES);
  }

  @Test
  void commandLineNeverSeesTheFormat() {
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.repository.format..",
            "dev.holdfast.repository.pack..",
            "dev.holdfast.repository.index..",
            "dev.holdfast.repository.crypto..",
            "dev.holdfast.repository.chunk..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCompositionRootNamesConcreteStoresAndDatabaseEngines() {
    DescribedPredicate<JavaClass> stores =
        assignableTo(ObjectStore.class)
            .and(DescribedPredicate.not(JavaClass.Predicates.INTERFACES));
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT_OF_CLI, "dev.holdfast.repository.store..", "dev.holdfast.repository.s3..")
        .should()
        .dependOnClassesThat(stores)
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT_OF_CLI,
            "dev.holdfast.engine.source.sqlite..",
            "dev.holdfast.engine.source.duckdb..")
        .should()
        .dependOnClassesThat(
            assignableTo(DatabaseEngine.class)
                .and(DescribedPredicate.not(JavaClass.Predicates.INTERFACES))
                .or(resideInAPackage("dev.holdfast.engine.source.sqlite.."))
                .or(resideInAPackage("dev.holdfast.engine.source.duckdb..")))
        .check(CLASSES);
  }

  @Test
  void standardStreamsAreTouchedByTheConsoleAlone() {
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void packagesOfTheCommandLineHaveOneDirection() {
    slices().matching("dev.holdfast.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packagesOfTheEngineHaveOneDirection() {
    slices().matching("dev.holdfast.engine.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
