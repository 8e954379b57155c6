package io.sallyport.testbed;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Dependencies point one way: `kit ← wire ← rpc ← programs`, and programs never depend on each other.
///
/// Before you add an exception: what you want to share belongs into a library, what you want to call into a
/// contract.
final class ArchitectureTest {
    private static final String[] PROGRAMS = {
        "io.sallyport.control..",
        "io.sallyport.gateway..",
        "io.sallyport.agent..",
        "io.sallyport.guest..",
        "io.sallyport.relay..",
        "io.sallyport.egress..",
        "io.sallyport.cli.."
    };
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.sallyport");

    @Test
    void librariesKnowNothingAboveThem() {
        classes()
                .that()
                .resideInAPackage("io.sallyport.kit..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.sallyport.kit..", "java..", "org.jspecify..")
                .check(CLASSES);
        classes()
                .that()
                .resideInAPackage("io.sallyport.wire..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.sallyport.wire..", "io.sallyport.kit..", "java..", "javax.net.ssl..", "org.jspecify..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.sallyport.rpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROGRAMS)
                .check(CLASSES);
    }

    @Test
    void programsDoNotKnowEachOtherButForTheGuestThatRunsTheRelay() {
        slices().matching("io.sallyport.(control|gateway|agent|guest|relay|egress|cli)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(resideInAPackage("io.sallyport.guest.."), resideInAPackage("io.sallyport.relay.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(PROGRAMS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.sallyport.app..")
                .check(CLASSES);
    }

    @Test
    void theGuestCarriesTheJdkAndAJsonReaderOnly() {
        classes()
                .that()
                .resideInAnyPackage("io.sallyport.guest..", "io.sallyport.relay..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.sallyport.guest..",
                        "io.sallyport.relay..",
                        "io.sallyport.rpc..",
                        "io.sallyport.wire..",
                        "io.sallyport.kit..",
                        "java..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void sqlStaysInTheStoreAndJavalinInTheApi() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.sallyport.control.store..", "io.sallyport.control.api..", "io.sallyport.app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.jdbi..", "com.zaxxer..", "org.flywaydb..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.sallyport.control.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..")
                .check(CLASSES);
    }

    @Test
    void decisionsDoNoInputOrOutput() {
        noClasses()
                .that()
                .haveFullyQualifiedName("io.sallyport.control.sandbox.Lifecycle")
                .or()
                .haveFullyQualifiedName("io.sallyport.gateway.host.HostRouter")
                .or()
                .haveFullyQualifiedName("io.sallyport.wire.proxy.HopHeaders")
                .or()
                .resideInAPackage("io.sallyport.gateway.rewrite")
                .or()
                .haveFullyQualifiedName("io.sallyport.gateway.admit.Tokens")
                .or()
                .haveFullyQualifiedName("io.sallyport.gateway.page.HtmlPage")
                .or()
                .haveFullyQualifiedName("io.sallyport.agent.inbound.PathRewrite")
                .or()
                .haveFullyQualifiedName("io.sallyport.wire.http1.HeadParser")
                .or()
                .haveFullyQualifiedName("io.sallyport.wire.http1.Framing")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..", "java.sql..")
                .check(CLASSES);
    }
}
