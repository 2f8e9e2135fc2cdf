package io.runnel.docs.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** One of our modules as it was built: its classes, and what its module-info says. */
record SdkModule(String name, JavaClasses classes, ModuleDescriptor descriptor) {
    private static final List<SdkModule> ALL = List.of(
            load(io.runnel.crypto.BlobId.class),
            load(io.runnel.Runnel.class),
            load(io.runnel.http.TlsSettings.class),
            load(io.runnel.p2p.IceServer.class));

    /** The four modules of the SDK. */
    static List<SdkModule> sdk() {
        return ALL;
    }

    static SdkModule named(String name) {
        return ALL.stream()
                .filter(module -> module.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static SdkModule load(Class<?> any) {
        try {
            Path home = Path.of(
                    any.getProtectionDomain().getCodeSource().getLocation().toURI());
            Set<ModuleReference> found = ModuleFinder.of(home).findAll();
            ModuleDescriptor descriptor = found.iterator().next().descriptor();
            return new SdkModule(descriptor.name(), classesIn(home), descriptor);
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JavaClasses classesIn(Path home) throws IOException {
        JavaClasses classes;
        if (Files.isDirectory(home)) {
            classes = new ClassFileImporter().importPath(home);
        } else {
            try (JarFile jar = new JarFile(home.toFile())) {
                classes = new ClassFileImporter().importJar(jar);
            }
        }
        if (classes.isEmpty()) {
            throw new IllegalStateException("no classes in " + home);
        }
        return classes;
    }

    /** The other modules of the SDK. */
    List<SdkModule> others() {
        return ALL.stream().filter(module -> !module.name.equals(name)).toList();
    }

    boolean has(JavaClass type) {
        return classes.contain(type.getName());
    }

    boolean exportsPackage(String name) {
        return descriptor.exports().stream()
                .anyMatch(export -> !export.isQualified() && export.source().equals(name));
    }

    Set<String> packages() {
        return classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return name;
    }
}
