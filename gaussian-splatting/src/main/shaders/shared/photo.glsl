// What the loss sees of a rendered colour: the picture as this photo was exposed.
vec3 mapped(vec3 colour, Step view) {
    vec4 c = vec4(colour, 1.0);
    return vec3(dot(view.mapRed, c), dot(view.mapGreen, c), dot(view.mapBlue, c));
}

// The photo as bytes red, green, blue and, as fourth, 255 where it counts and 0 where it does not. A pixel that does not
// count is taken to be right: its truth is what was rendered.
vec3 truthOf(uint bytes, vec3 rendered) {
    vec4 t = unpackUnorm4x8(bytes);
    return t.a > 0.5 ? t.rgb : rendered;
}

bool counts(uint bytes) {
    return (bytes >> 24) > 127;
}
