package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {

    private final List<String> closed = new ArrayList<>();

    private AutoCloseable part(String name) {
        return () -> closed.add(name);
    }

    @Test
    void whatWasMadeHoldsItsPartsUntilItIsClosed() {
        Scope owner = Scope.allOrNothing(scope -> {
            scope.add(part("first"));
            scope.add(part("second"));
            return scope;
        });

        assertThat(closed).isEmpty();
        owner.close();
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void aFailureHalfWayClosesThePartsSoFar() {
        assertThatThrownBy(() -> Scope.allOrNothing(scope -> {
                    scope.add(part("first"));
                    scope.add(() -> {
                        throw new IllegalStateException("second does not close");
                    });
                    throw new IllegalArgumentException("third was not made");
                }))
                .hasMessage("third was not made")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .satisfies(suppressed -> assertThat(suppressed).hasMessage("second does not close")));
        assertThat(closed).containsExactly("first");
    }
}
