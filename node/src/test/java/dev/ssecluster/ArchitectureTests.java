package dev.ssecluster;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** Which package may know what. docs/architecture.md says why. */
class ArchitectureTests {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.ssecluster");

    /** Each with the only packages that may use it. */
    @Test
    void whenALibraryHasAPackageOfItsOwnThenNobodyElseUsesIt() {
        belongsTo("io.lettuce..", "dev.ssecluster.backplane");
        belongsTo("java.sql..", "dev.ssecluster.store", "dev.ssecluster.schema");
        belongsTo("javax.sql..", "dev.ssecluster.store", "dev.ssecluster.schema");
        belongsTo("org.springframework.jdbc..", "dev.ssecluster.store", "dev.ssecluster.schema");
        belongsTo("net.javacrumbs.shedlock..", "dev.ssecluster.store");
        belongsTo("liquibase..", "dev.ssecluster.schema");
        belongsTo("org.springframework.security..", "dev.ssecluster.security");
        belongsTo("com.nimbusds..", "dev.ssecluster.security");
        belongsTo("org.eclipse.jetty..", "dev.ssecluster.stream", "dev.ssecluster.problem", "dev.ssecluster.limit");
        belongsTo("io.github.bucket4j..", "dev.ssecluster.limit");
    }

    @Test
    void whenPackagesUseEachOtherThenWithoutACycle() {
        SlicesRuleDefinition.slices().matching("dev.ssecluster.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void whenStreamsAreHeldThenNobodyAsksWhereEventsComeFrom() {
        knowsNothingOf("dev.ssecluster.stream", "dev.ssecluster.backplane..", "io.lettuce..", "java.sql..", "javax.sql..",
                "org.springframework.data..", "org.springframework.jdbc..");
    }

    @Test
    void whenNodesTalkToEachOtherThenNobodyAsksHowClientsAreServed() {
        knowsNothingOf("dev.ssecluster.backplane", "dev.ssecluster.stream..", "jakarta.servlet..", "org.eclipse.jetty..",
                "org.springframework.web..", "org.springframework.http..");
    }

    @Test
    void whenSomethingIsSharedWithApplicationsThenItBringsNoServer() {
        knowsNothingOf("dev.ssecluster.model", "jakarta..", "org.eclipse.jetty..", "io.lettuce..", "java.sql..",
                "org.springframework.boot..", "org.springframework.data..", "io.micrometer..");
    }

    @Test
    void whenAClassHasANameThenItSaysWhatItIs() {
        noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(CLASSES);
    }

    /** Durations are measured with nanoTime; dates come from Redis. Only tokens end by the clocks of others. */
    @Test
    void whenTheTimeIsNeededThenNobodyAsksTheWallClock() {
        noClasses().that(resideOutsideOfPackages("dev.ssecluster.security"))
                .should().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Instant.class, "now")
                .orShould().callMethod(InstantSource.class, "system")
                .orShould().callMethod(Clock.class, "systemUTC")
                .orShould().callMethod(Clock.class, "systemDefaultZone")
                .check(CLASSES);
    }

    @Test
    void whenThereIsAPackageThenItsNullsAreMarked() {
        Set<JavaPackage> packages = CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
        assertThat(packages).hasSizeGreaterThan(8)
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue());
    }

    private static void belongsTo(String library, String... owners) {
        ArchRule rule = noClasses().that(resideOutsideOfPackages(owners)).should().dependOnClassesThat().resideInAPackage(library);
        rule.check(CLASSES);
        isUsed(library);
    }

    /** A rule about a library that nobody uses would hold for a misspelt name, too. */
    private static void isUsed(String library) {
        DescribedPredicate<JavaClass> theirs = resideInAPackage(library);
        assertThat(CLASSES.stream().flatMap(each -> each.getDirectDependenciesFromSelf().stream()))
                .as(library).anyMatch(dependency -> theirs.test(dependency.getTargetClass()));
    }

    private static void knowsNothingOf(String owner, String... others) {
        classes().that().resideInAPackage(owner).should().onlyDependOnClassesThat(resideOutsideOfPackages(others)).check(CLASSES);
    }
}
