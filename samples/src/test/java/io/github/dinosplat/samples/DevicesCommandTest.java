package io.github.dinosplat.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.vulkan.DeviceInfo;
import io.github.dinosplat.vulkan.DeviceSurvey;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** On any machine, with or without Vulkan. */
class DevicesCommandTest {

    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        return Dinosplat.commandLine().setOut(new PrintWriter(out)).execute(arguments);
    }

    @Test
    void saysWhatThereIsAndWhatIsUsed() {
        DeviceSurvey survey = DeviceSurvey.take();
        assertThat(run("devices")).isZero();
        assertThat(out.toString()).contains("engine jvm", "engine vulkan", "used ");
        for (DeviceInfo device : survey.devices()) {
            assertThat(out.toString()).contains(device.name());
        }
        survey.problem().ifPresent(problem -> assertThat(out.toString()).contains(problem, "jvm, because"));
    }

    @Test
    void theJvmEngineIsUsedWhereItIsAskedFor() {
        assertThat(run("devices", "--engine", "jvm")).isZero();
        assertThat(out.toString()).contains("jvm, as asked for");
    }

    @Test
    void aDeviceThatIsNotThereIsAnAnswerToo() {
        assertThat(run("devices", "--engine", "vulkan", "--device", "no such card"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("used           none: the Vulkan engine cannot start");
    }
}
