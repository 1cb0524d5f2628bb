package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lwjgl.util.spvc.Spv.SpvDecorationNonReadable;
import static org.lwjgl.util.spvc.Spv.SpvDecorationNonWritable;
import static org.lwjgl.util.spvc.Spv.SpvExecutionModeLocalSize;
import static org.lwjgl.util.spvc.Spv.SpvStorageClassPhysicalStorageBuffer;
import static org.lwjgl.util.spvc.Spvc.*;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.util.spvc.SpvcReflectedResource;

/**
 * Compares a compiled shader with the record that stands for its push constants: names, places, kinds, and for buffers
 * whether the shader can read and write them as declared.
 */
public final class ShaderLayout {

    /** A member of a shader's push constants, in words that can be compared. */
    record Member(String name, int offset, String kind) {}

    private ShaderLayout() {}

    /**
     * Fails unless the record has the members of the shader's push constants, and the shader keeps to the limits of every
     * device: 256 invocations in a workgroup.
     *
     * @param source kernel
     */
    public static void assertMatches(KernelSource<?> source) {
        assertThat(members(source.shader()))
                .as("push constants of shader " + source.shader())
                .containsExactlyElementsOf(declared(source.push()));
        assertThat(invocations(source.shader()))
                .as("invocations in a workgroup of " + source.shader())
                .isBetween(1, 256);
    }

    /** The members as a record declares them. */
    static List<Member> declared(Class<? extends Record> push) {
        return PushLayout.of(push).fields().stream()
                .map(field -> new Member(
                        field.name(),
                        field.offset(),
                        field.access()
                                .map(access -> "buffer " + access)
                                .orElse(field.type().getSimpleName())))
                .toList();
    }

    /** The members as a compiled shader has them. */
    static List<Member> members(String shader) {
        return withCompiler(shader, (stack, compiler) -> {
            PointerBuffer pointer = stack.mallocPointer(1);
            check(spvc_compiler_create_shader_resources(compiler, pointer), "create_shader_resources");
            PointerBuffer list = stack.mallocPointer(1);
            PointerBuffer count = stack.mallocPointer(1);
            check(
                    spvc_resources_get_resource_list_for_type(
                            pointer.get(0), SPVC_RESOURCE_TYPE_PUSH_CONSTANT, list, count),
                    "get_resource_list");
            List<Member> members = new ArrayList<>();
            if (count.get(0) > 0) {
                SpvcReflectedResource push = SpvcReflectedResource.create(list.get(0));
                addMembers(stack, compiler, push.base_type_id(), members);
            }
            return members;
        });
    }

    private static void addMembers(MemoryStack stack, long compiler, int type, List<Member> members) {
        long handle = spvc_compiler_get_type_handle(compiler, type);
        IntBuffer offset = stack.mallocInt(1);
        for (int i = 0; i < spvc_type_get_num_member_types(handle); i++) {
            check(spvc_compiler_type_struct_member_offset(compiler, handle, i, offset), "struct_member_offset");
            String name = String.valueOf(spvc_compiler_get_member_name(compiler, type, i));
            members.add(new Member(name, offset.get(0), kind(compiler, spvc_type_get_member_type(handle, i))));
        }
    }

    private static String kind(long compiler, int type) {
        long handle = spvc_compiler_get_type_handle(compiler, type);
        boolean scalar = spvc_type_get_vector_size(handle) == 1
                && spvc_type_get_columns(handle) == 1
                && spvc_type_get_num_array_dimensions(handle) == 0;
        if (spvc_type_get_storage_class(handle) == SpvStorageClassPhysicalStorageBuffer) {
            return "buffer " + access(compiler, spvc_type_get_base_type_id(handle));
        }
        int base = spvc_type_get_basetype(handle);
        if (scalar && (base == SPVC_BASETYPE_INT32 || base == SPVC_BASETYPE_UINT32)) {
            return "int";
        }
        return scalar && base == SPVC_BASETYPE_FP32 ? "float" : "type " + base + " that no record has";
    }

    /** What a block allows, by the qualifiers {@code readonly} and {@code writeonly} of its members. */
    private static Access access(long compiler, int block) {
        boolean readable = true;
        boolean writable = true;
        int members = spvc_type_get_num_member_types(spvc_compiler_get_type_handle(compiler, block));
        for (int i = 0; i < members; i++) {
            readable &= !spvc_compiler_has_member_decoration(compiler, block, i, SpvDecorationNonReadable);
            writable &= !spvc_compiler_has_member_decoration(compiler, block, i, SpvDecorationNonWritable);
        }
        return readable && writable ? Access.UPDATE : writable ? Access.WRITE : Access.READ;
    }

    private static int invocations(String shader) {
        return withCompiler(
                shader,
                (stack, compiler) -> spvc_compiler_get_execution_mode_argument_by_index(
                                compiler, SpvExecutionModeLocalSize, 0)
                        * spvc_compiler_get_execution_mode_argument_by_index(compiler, SpvExecutionModeLocalSize, 1)
                        * spvc_compiler_get_execution_mode_argument_by_index(compiler, SpvExecutionModeLocalSize, 2));
    }

    private interface Question<T> {
        T ask(MemoryStack stack, long compiler);
    }

    private static <T> T withCompiler(String shader, Question<T> question) {
        ByteBuffer code = ShaderCode.load(shader);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer pointer = stack.mallocPointer(1);
            check(spvc_context_create(pointer), "context_create");
            long context = pointer.get(0);
            try {
                check(
                        spvc_context_parse_spirv(context, code.asIntBuffer(), code.remaining() / 4, pointer),
                        "parse_spirv");
                check(
                        spvc_context_create_compiler(
                                context, SPVC_BACKEND_NONE, pointer.get(0), SPVC_CAPTURE_MODE_TAKE_OWNERSHIP, pointer),
                        "create_compiler");
                return question.ask(stack, pointer.get(0));
            } finally {
                spvc_context_destroy(context);
            }
        }
    }

    private static void check(int result, String function) {
        if (result != SPVC_SUCCESS) {
            throw new IllegalStateException("spvc_" + function + ": " + result);
        }
    }
}
