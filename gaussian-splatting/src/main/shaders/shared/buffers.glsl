// Arrays behind buffer addresses, in the scalar layout. In: only read; Out: only written; without suffix: both.
// The alignment is what a kernel may rely on for the address that it is given.
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_control_flow_attributes : enable

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer UintsIn { uint at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) writeonly buffer UintsOut { uint at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Uints { uint at[]; };

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer FloatsIn { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) writeonly buffer FloatsOut { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Floats { float at[]; };

layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Vec4sIn { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer Vec4sOut { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Vec4s { vec4 at[]; };
