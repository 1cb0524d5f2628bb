'use strict';
// Shows the splats of this page with WebGL 2. World frame: the scene's; camera frame: x right, y down, z forward; pixels from the
// upper left corner. What is drawn is what the trainer's engine draws: the same projection, low-pass, cut-offs and order.

const VERTEX = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D splats;
uniform usampler2D harmonics;
uniform vec3 right, down, ahead, centre;
uniform vec2 focal, principal, viewport;
uniform vec4 bounds;
uniform float lowPass;
uniform int degree, texels;
uniform bool mip;
in uint index;
out vec2 place;
out vec4 colour;

uint words[12];

vec3 coefficient(int k) {
  vec3 value;
  for (int c = 0; c < 3; c++) {
    int at = 3 * (k - 1) + c;
    value[c] = (float(words[at >> 2] >> (8 * (at & 3)) & 255u) - 128.0) / 128.0;
  }
  return value;
}

vec3 shaded(vec3 base, vec3 d, ivec2 row) {
  if (degree == 0) return base;
  for (int t = 0; t < texels; t++) {
    uvec4 four = texelFetch(harmonics, ivec2(row.x * texels + t, row.y), 0);
    for (int c = 0; c < 4; c++) words[4 * t + c] = four[c];
  }
  float x = d.x, y = d.y, z = d.z;
  vec3 sum = 0.4886025119 * (-y * coefficient(1) + z * coefficient(2) - x * coefficient(3));
  if (degree > 1) {
    sum += 1.0925484306 * (x * y * coefficient(4) - y * z * coefficient(5) - x * z * coefficient(7))
        + 0.3153915653 * (2.0 * z * z - x * x - y * y) * coefficient(6) + 0.5462742153 * (x * x - y * y) * coefficient(8);
  }
  if (degree > 2) {
    sum += -0.5900435899 * (y * (3.0 * x * x - y * y) * coefficient(9) + x * (x * x - 3.0 * y * y) * coefficient(15))
        + 2.8906114426 * x * y * z * coefficient(10) + 1.4453057213 * z * (x * x - y * y) * coefficient(14)
        - 0.4570457995 * (4.0 * z * z - x * x - y * y) * (y * coefficient(11) + x * coefficient(13))
        + 0.3731763326 * z * (2.0 * z * z - 3.0 * x * x - 3.0 * y * y) * coefficient(12);
  }
  return base + sum;
}

void main() {
  gl_Position = vec4(0, 0, 2, 1);
  ivec2 row = ivec2(int(index) % 1024, int(index) / 1024);
  uvec4 first = texelFetch(splats, ivec2(2 * row.x, row.y), 0);
  uvec4 second = texelFetch(splats, ivec2(2 * row.x + 1, row.y), 0);
  vec3 d = uintBitsToFloat(first.xyz) - centre;
  float z = dot(ahead, d);
  float opacity = float(first.w >> 24) / 255.0;
  if (z < 0.01) return;
  float u = dot(right, d) / z, v = dot(down, d) / z;
  vec2 middle = focal * vec2(u, v) + principal;
  vec3 kx = focal.x / z * (right - clamp(u, bounds.x, bounds.y) * ahead);
  vec3 ky = focal.y / z * (down - clamp(v, bounds.z, bounds.w) * ahead);
  vec4 q = normalize(vec4(unpackSnorm2x16(second.x), unpackSnorm2x16(second.y)));
  float w = q.x, x = q.y, y = q.z, s = q.w;
  mat3 axes = mat3(1.0 - 2.0 * (y * y + s * s), 2.0 * (x * y + w * s), 2.0 * (x * s - w * y),
      2.0 * (x * y - w * s), 1.0 - 2.0 * (x * x + s * s), 2.0 * (y * s + w * x),
      2.0 * (x * s + w * y), 2.0 * (y * s - w * x), 1.0 - 2.0 * (x * x + y * y));
  vec3 scale = exp(vec3(second.z & 255u, second.z >> 8 & 255u, second.z >> 16 & 255u) / 16.0 - 10.0);
  vec3 a = scale * (kx * axes), b = scale * (ky * axes);
  float xx = dot(a, a) + lowPass, xy = dot(a, b), yy = dot(b, b) + lowPass;
  vec3 minors = cross(a, b);
  float det = dot(minors, minors) + lowPass * (xx + yy - lowPass);
  if (mip) opacity *= max(0.005, sqrt(dot(minors, minors) / det));
  if (opacity < 1.0 / 255.0) return;
  float half_ = 0.5 * (xx - yy);
  float large = 0.5 * (xx + yy) + sqrt(half_ * half_ + xy * xy);
  float small_ = det / large;
  vec2 axis = abs(xy) < 1e-6 * large ? (xx >= yy ? vec2(1, 0) : vec2(0, 1)) : normalize(vec2(xy, large - xx));
  float reach = sqrt(2.0 * log(255.0 * opacity));
  vec2 corner = reach * vec2(float(gl_VertexID & 1) * 2.0 - 1.0, float(gl_VertexID >> 1) * 2.0 - 1.0);
  vec2 pixel = middle + corner.x * sqrt(large) * axis + corner.y * sqrt(small_) * vec2(-axis.y, axis.x);
  place = corner;
  vec3 base = 0.5 + 0.28209479177 * (vec3(first.w & 255u, first.w >> 8 & 255u, first.w >> 16 & 255u) / 255.0 - 0.5) / 0.15;
  colour = vec4(max(shaded(base, normalize(d), row), 0.0), opacity);
  gl_Position = vec4(2.0 * pixel.x / viewport.x - 1.0, 1.0 - 2.0 * pixel.y / viewport.y, 0, 1);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec2 place;
in vec4 colour;
out vec4 result;
void main() {
  float alpha = colour.a * exp(-0.5 * dot(place, place));
  if (alpha < 1.0 / 255.0) discard;
  alpha = min(alpha, 0.99);
  result = vec4(colour.rgb * alpha, alpha);
}`;

const COPY_VERTEX = `#version 300 es
void main() { gl_Position = vec4(float(gl_VertexID & 1) * 4.0 - 1.0, float(gl_VertexID >> 1) * 4.0 - 1.0, 0, 1); }`;

const COPY_FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D picture;
out vec4 result;
void main() { result = vec4(texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb, 1); }`;

// ---- The splats -----------------------------------------------------------------------------------------------------------------

/** Bytes of a base64 text that is a gzip stream. */
async function unpacked(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Which of the coefficients after the first change sign when y and z do. */
const FLIPPED = [1, 2, 4, 7, 9, 11, 12, 14].map(k => k - 1);

/** SPZ version 3 as arrays for textures, 1024 splats a row; from right-up-back to the scene's frame. */
function decoded(bytes) {
  const head = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const count = head.getUint32(8, true), degree = head.getUint8(12), unit = 1 / (1 << head.getUint8(13)), mip = (head.getUint8(14) & 1) === 1;
  const rest = (degree + 1) * (degree + 1) - 1;
  const alphas = 16 + 9 * count, colours = alphas + count, scales = colours + 3 * count;
  const rotations = scales + 3 * count, harmonics = rotations + 4 * count;
  const rows = Math.max(1, Math.ceil(count / 1024)), texels = Math.ceil(3 * rest / 16);
  const positions = new Float32Array(3 * count);
  const data = new Uint32Array(2048 * 4 * rows), floats = new Float32Array(data.buffer);
  const q = new Float64Array(4), packed = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < count; i++) {
    const to = 8 * i;
    for (let k = 0; k < 3; k++) {
      const at = 16 + 9 * i + 3 * k;
      const fixed = bytes[at] | bytes[at + 1] << 8 | (bytes[at + 2] << 24) >> 8;
      positions[3 * i + k] = (k ? -fixed : fixed) * unit;
      floats[to + k] = positions[3 * i + k];
    }
    data[to + 3] = (bytes[colours + 3 * i] | bytes[colours + 3 * i + 1] << 8 | bytes[colours + 3 * i + 2] << 16 | bytes[alphas + i] << 24) >>> 0;
    let word = packed.getUint32(rotations + 4 * i, true), left = 1;
    const largest = word >>> 30;
    for (let k = 3; k >= 0; k--) {
      if (k === largest) continue;
      const value = Math.SQRT1_2 * (word & 511) / 511 * (word & 512 ? -1 : 1);
      word >>>= 10;
      left -= value * value;
      q[k] = value;
    }
    q[largest] = Math.sqrt(Math.max(0, left));
    const short = value => Math.round(32767 * value) & 0xffff;
    data[to + 4] = (short(q[3]) | short(q[0]) << 16) >>> 0;
    data[to + 5] = (short(-q[1]) | short(-q[2]) << 16) >>> 0;
    data[to + 6] = bytes[scales + 3 * i] | bytes[scales + 3 * i + 1] << 8 | bytes[scales + 3 * i + 2] << 16;
  }
  const sh = new Uint8Array(Math.max(1, texels) * 16 * 1024 * rows);
  for (let i = 0; i < count && rest; i++) {
    const from = harmonics + 3 * rest * i, to = 16 * texels * i;
    for (let k = 0; k < 3 * rest; k++) sh[to + k] = bytes[from + k];
    for (const k of FLIPPED) {
      for (let c = 0; c < 3 && k < rest; c++) sh[to + 3 * k + c] = Math.min(255, 256 - bytes[from + 3 * k + c]);
    }
  }
  return {count, degree, mip, rows, texels, positions, data, sh: new Uint32Array(sh.buffer)};
}

/** Runs in a worker: the visible splats from back to front, by a stable radix sort of the exact depths. */
function sorter() {
  let positions, keys, floats, spare, ids, order;
  onmessage = event => {
    if (event.data.positions) {
      positions = event.data.positions;
      const n = positions.length / 3;
      keys = new Uint32Array(n);
      floats = new Float32Array(keys.buffer);
      spare = new Uint32Array(n);
      ids = new Uint32Array(n);
      order = new Uint32Array(n);
      return;
    }
    const {ahead, centre} = event.data;
    let m = 0;
    for (let i = 0; i < order.length; i++) {
      const z = ahead[0] * (positions[3 * i] - centre[0]) + ahead[1] * (positions[3 * i + 1] - centre[1])
          + ahead[2] * (positions[3 * i + 2] - centre[2]);
      if (z >= 0.01) {
        floats[m] = z;
        ids[m++] = i;
      }
    }
    const pass = (fromKeys, fromIds, toKeys, toIds, shift) => {
      const starts = new Uint32Array(65537);
      for (let i = 0; i < m; i++) starts[(~fromKeys[i] >>> shift & 65535) + 1]++;
      for (let b = 0; b < 65536; b++) starts[b + 1] += starts[b];
      for (let i = 0; i < m; i++) {
        const to = starts[~fromKeys[i] >>> shift & 65535]++;
        toKeys[to] = fromKeys[i];
        toIds[to] = fromIds[i];
      }
    };
    // Last ones first, so that of two at the same depth the later one is drawn first, as the engine does.
    for (let i = 0, j = m - 1; i < j; i++, j--) {
      const id = ids[i], key = keys[i];
      ids[i] = ids[j]; keys[i] = keys[j];
      ids[j] = id; keys[j] = key;
    }
    pass(keys, ids, spare, order, 0);
    pass(spare, order, keys, ids, 16);
    const result = ids.slice(0, m);
    postMessage(result, [result.buffer]);
  };
}

// ---- Small vectors --------------------------------------------------------------------------------------------------------------

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const add = (a, b, s = 1) => [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];
const unit = a => { const n = Math.hypot(...a) || 1; return [a[0] / n, a[1] / n, a[2] / n]; };

/** A vector turned about a unit axis. */
function turned(v, axis, angle) {
  const c = Math.cos(angle), s = Math.sin(angle), along = dot(v, axis) * (1 - c), side = cross(axis, v);
  return [0, 1, 2].map(k => v[k] * c + side[k] * s + axis[k] * along);
}

// ---- The camera -----------------------------------------------------------------------------------------------------------------

/** Where the viewer is, which way it looks, and how far away the point is that it turns round. */
class Eye {
  constructor(right, down, ahead, centre, distance) {
    Object.assign(this, {right, down, ahead, centre, distance});
  }

  pivot() { return add(this.centre, this.ahead, this.distance); }

  /** Turns the camera with its axes about a point. */
  turn(axis, angle, about) {
    this.centre = add(about, turned(add(this.centre, about, -1), axis, angle));
    this.square(turned(this.right, axis, angle), turned(this.ahead, axis, angle));
  }

  /** Sets the axes, squared up so that rounding never adds up. */
  square(right, ahead) {
    this.ahead = unit(ahead);
    this.right = unit(add(right, this.ahead, -dot(right, this.ahead)));
    this.down = cross(this.ahead, this.right);
  }

  move(x, y, z) { this.centre = add(add(add(this.centre, this.right, x), this.down, y), this.ahead, z); }

  /** Part of the way to another. */
  toward(other, t) {
    const mix = (a, b) => add(a, add(b, a, -1), t);
    const eye = new Eye(this.right, this.down, this.ahead, mix(this.centre, other.centre),
        this.distance + t * (other.distance - this.distance));
    eye.square(mix(this.right, other.right), mix(this.ahead, other.ahead));
    return eye;
  }
}

// ---- The page -------------------------------------------------------------------------------------------------------------------

const byId = id => document.getElementById(id);

function fail(text) {
  byId('message').hidden = false;
  byId('message').textContent = text;
}

function program(gl, vertex, fragment) {
  const p = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    gl.attachShader(p, shader);
  }
  gl.linkProgram(p);
  if (!gl.getProgramParameter(p, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(p));
  return p;
}

function texture(gl, unitNumber, width, height, data) {
  if (Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) throw new Error('too many splats for this graphics card');
  gl.activeTexture(gl.TEXTURE0 + unitNumber);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32UI, width, height, 0, gl.RGBA_INTEGER, gl.UNSIGNED_INT, data);
}

/** Draws the splats, into a buffer of 16 bits a channel where there is one: thousands of layers would round visibly in 8. */
class Painter {
  constructor(canvas, splats) {
    const gl = canvas.getContext('webgl2', {antialias: false, depth: false, alpha: false, preserveDrawingBuffer: true});
    if (!gl) throw new Error('this browser has no WebGL 2, which the view needs');
    Object.assign(this, {gl, canvas, splats, drawn: 0});
    this.fine = gl.getExtension('EXT_color_buffer_float') || gl.getExtension('EXT_color_buffer_half_float');
    this.program = program(gl, VERTEX, FRAGMENT);
    this.places = {};
    for (const name of ['right', 'down', 'ahead', 'centre', 'focal', 'principal', 'viewport', 'bounds', 'lowPass', 'degree', 'texels', 'mip',
      'splats', 'harmonics']) this.places[name] = gl.getUniformLocation(this.program, name);
    texture(gl, 0, 2048, splats.rows, splats.data);
    texture(gl, 1, 1024 * Math.max(1, splats.texels), splats.rows, splats.sh);
    this.order = gl.createBuffer();
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    const index = gl.getAttribLocation(this.program, 'index');
    gl.bindBuffer(gl.ARRAY_BUFFER, this.order);
    gl.enableVertexAttribArray(index);
    gl.vertexAttribIPointer(index, 1, gl.UNSIGNED_INT, 0, 0);
    gl.vertexAttribDivisor(index, 1);
    this.empty = gl.createVertexArray();
    if (this.fine) {
      this.copy = program(gl, COPY_VERTEX, COPY_FRAGMENT);
      this.picture = gl.createTexture();
      this.frame = gl.createFramebuffer();
    }
  }

  sorted(order) {
    const {gl} = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.order);
    gl.bufferData(gl.ARRAY_BUFFER, order, gl.DYNAMIC_DRAW);
    this.drawn = order.length;
  }

  resize(width, height) {
    const {gl, canvas} = this;
    if (canvas.width === width && canvas.height === height && this.sized) return;
    canvas.width = width;
    canvas.height = height;
    this.sized = true;
    if (!this.fine) return;
    gl.activeTexture(gl.TEXTURE2);
    gl.bindTexture(gl.TEXTURE_2D, this.picture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16F, width, height, 0, gl.RGBA, gl.HALF_FLOAT, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.picture, 0);
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) this.fine = null;
  }

  draw(eye, lens) {
    const {gl, places, splats} = this, w = this.canvas.width, h = this.canvas.height;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.fine ? this.frame : null);
    gl.viewport(0, 0, w, h);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(this.program);
    gl.bindVertexArray(this.array);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const name of ['right', 'down', 'ahead', 'centre']) gl.uniform3fv(places[name], eye[name]);
    gl.uniform2f(places.focal, lens.fx, lens.fy);
    gl.uniform2f(places.principal, lens.cx, lens.cy);
    gl.uniform2f(places.viewport, w, h);
    const u = 0.15 * w / lens.fx, v = 0.15 * h / lens.fy;
    gl.uniform4f(places.bounds, -lens.cx / lens.fx - u, (w - lens.cx) / lens.fx + u, -lens.cy / lens.fy - v, (h - lens.cy) / lens.fy + v);
    gl.uniform1f(places.lowPass, lens.lowPass);
    gl.uniform1i(places.degree, splats.degree);
    gl.uniform1i(places.texels, splats.texels);
    gl.uniform1i(places.mip, splats.mip ? 1 : 0);
    gl.uniform1i(places.splats, 0);
    gl.uniform1i(places.harmonics, 1);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.drawn);
    if (!this.fine) return;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.disable(gl.BLEND);
    gl.useProgram(this.copy);
    gl.bindVertexArray(this.empty);
    gl.uniform1i(gl.getUniformLocation(this.copy, 'picture'), 2);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}

class Viewer {
  constructor(scene, splats) {
    Object.assign(this, {scene, splats, keys: new Set(), pointers: new Map(), looks: false, chosen: 0, dirty: true, waits: false});
    this.canvas = byId('view');
    this.painter = new Painter(this.canvas, splats);
    if (!scene.cameras.length) scene.cameras.push(this.overview());
    const options = new URLSearchParams(location.hash.slice(1));
    document.body.classList.toggle('bare', options.get('ui') === 'off');
    this.chosen = Math.max(0, scene.cameras.findIndex(c => c.name === options.get('camera')));
    this.eye = this.eyeOf(scene.cameras[this.chosen]);
    this.worker = new Worker(URL.createObjectURL(new Blob([`(${sorter})()`], {type: 'text/javascript'})));
    this.worker.onmessage = event => {
      this.painter.sorted(event.data);
      this.waits = false;
      this.dirty = true;
      this.isSorted = true;
    };
    this.worker.postMessage({positions: splats.positions});
    this.controls();
    this.lists();
    this.last = performance.now();
    requestAnimationFrame(now => this.frame(now));
  }

  /** A camera for splats that came without: in front of most of them. */
  overview() {
    const {positions, count} = this.splats, middle = [0, 0, 0], step = Math.max(1, Math.floor(count / 20000));
    for (let k = 0; k < 3; k++) {
      const values = [];
      for (let i = 0; i < count; i += step) values.push(positions[3 * i + k]);
      values.sort((a, b) => a - b);
      middle[k] = values[values.length >> 1] || 0;
    }
    const away = [];
    for (let i = 0; i < count; i += step) away.push(Math.hypot(...[0, 1, 2].map(k => positions[3 * i + k] - middle[k])));
    away.sort((a, b) => a - b);
    // Half of the splats: others may be far surroundings, and from beyond those nothing would be seen.
    const distance = 1.6 * (away[away.length >> 1] || 1);
    const down = unit(this.scene.up.map(x => -x));
    const ahead = unit(cross(Math.abs(down[0]) < 0.7 ? [1, 0, 0] : [0, 0, 1], down)), right = cross(down, ahead);
    const centre = add(middle, ahead, -distance);
    return {name: 'overview', w: 1200, h: 800, fx: 1000, fy: 1000, cx: 600, cy: 400, r: [...right, ...down, ...ahead],
      t: [right, down, ahead].map(a => -dot(a, centre)), distance};
  }

  eyeOf(camera) {
    const right = camera.r.slice(0, 3), down = camera.r.slice(3, 6), ahead = camera.r.slice(6, 9);
    const centre = [0, 1, 2].map(k => -(right[k] * camera.t[0] + down[k] * camera.t[1] + ahead[k] * camera.t[2]));
    const eye = new Eye(right, down, ahead, centre, camera.distance || 1);
    if (!camera.distance) camera.distance = eye.distance = this.depthAhead(eye, camera);
    return eye;
  }

  /** The median depth of what lies in the middle of a camera's picture. */
  depthAhead(eye, camera) {
    const {positions, count, data} = this.splats, depths = [];
    for (let i = 0; i < count; i++) {
      const d = [0, 1, 2].map(k => positions[3 * i + k] - eye.centre[k]), z = dot(eye.ahead, d);
      if (z > 0.01 && data[8 * i + 3] >>> 24 > 76 && Math.abs(dot(eye.right, d)) < 0.1 * z * camera.w / camera.fx
          && Math.abs(dot(eye.down, d)) < 0.1 * z * camera.h / camera.fy) depths.push(z);
    }
    depths.sort((a, b) => a - b);
    return depths.length ? depths[depths.length >> 1] : 1;
  }

  /** The chosen camera's lens, its picture fitted into the window. */
  lens() {
    const c = this.scene.cameras[this.chosen], w = this.canvas.width, h = this.canvas.height, s = Math.min(w / c.w, h / c.h);
    return {fx: s * c.fx, fy: s * c.fy, cx: w / 2 + s * (c.cx - c.w / 2), cy: h / 2 + s * (c.cy - c.h / 2), lowPass: 0.3 * Math.max(1, s * s)};
  }

  go(number, atOnce) {
    const n = this.scene.cameras.length;
    this.chosen = (number + n) % n;
    byId('cameras').selectedIndex = this.chosen;
    const target = this.eyeOf(this.scene.cameras[this.chosen]);
    const still = atOnce || matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.flight = still ? null : {from: this.eye, to: target, start: performance.now()};
    if (still) this.eye = target;
    this.dirty = true;
  }

  frame(now) {
    const seconds = Math.min(0.1, (now - this.last) / 1000);
    this.last = now;
    this.fly(seconds);
    if (this.flight) {
      const t = Math.min(1, (now - this.flight.start) / 500);
      this.eye = t === 1 ? this.flight.to : this.flight.from.toward(this.flight.to, t * t * (3 - 2 * t));
      if (t === 1) this.flight = null;
      this.dirty = true;
    }
    const ratio = Math.min(2, devicePixelRatio || 1);
    const w = Math.max(1, Math.round(this.canvas.clientWidth * ratio)), h = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
    if (w !== this.canvas.width || h !== this.canvas.height) this.dirty = true;
    if (this.dirty) {
      this.painter.resize(w, h);
      this.painter.draw(this.eye, this.lens());
      const place = [...this.eye.ahead, ...this.eye.centre].join();
      if (this.isSorted && place === this.sortedPlace) {
        this.dirty = false;
        byId('message').hidden = true;
        document.documentElement.dataset.ready = 'yes';
      } else if (!this.waits) {
        this.waits = true;
        this.isSorted = false;
        this.sortedPlace = place;
        this.worker.postMessage({ahead: this.eye.ahead, centre: this.eye.centre});
      }
    }
    requestAnimationFrame(next => this.frame(next));
  }

  fly(seconds) {
    const has = (...names) => names.some(name => this.keys.has(name)) ? 1 : 0;
    const x = has('KeyD', 'ArrowRight') - has('KeyA', 'ArrowLeft'), y = has('KeyQ') - has('KeyE');
    const z = has('KeyW', 'ArrowUp') - has('KeyS', 'ArrowDown');
    if (!x && !y && !z) return;
    const speed = this.eye.distance * seconds * (has('ShiftLeft', 'ShiftRight') ? 2.5 : 0.6);
    this.flight = null;
    this.eye.move(x * speed, y * speed, z * speed);
    this.dirty = true;
  }

  drag(dx, dy, moves) {
    const {eye} = this, lens = this.lens(), ratio = this.canvas.width / this.canvas.clientWidth;
    this.flight = null;
    this.dirty = true;
    if (moves) {
      eye.move(-dx * ratio * eye.distance / lens.fx, -dy * ratio * eye.distance / lens.fy, 0);
      return;
    }
    const angle = this.looks ? ratio / lens.fx : -0.006, about = this.looks ? eye.centre : eye.pivot();
    const up = unit(this.scene.up), over = dot(up, eye.down) > 0 ? -1 : 1;
    eye.turn(up, over * angle * dx, about);
    eye.turn(eye.right, angle * dy, about);
  }

  nearer(factor) {
    const {eye} = this, pivot = eye.pivot();
    this.flight = null;
    eye.distance *= factor;
    eye.centre = add(pivot, eye.ahead, -eye.distance);
    this.dirty = true;
  }

  level() {
    const {eye} = this, right = cross(unit(this.scene.up).map(x => -x), eye.ahead);
    if (Math.hypot(...right) > 0.1) eye.square(right, eye.ahead);
    this.dirty = true;
  }

  /** Turns round what is seen at a place of the window from now on: the nearest opaque splat there. */
  pick(x, y) {
    const {positions, count, data} = this.splats, {eye} = this, lens = this.lens(), ratio = this.canvas.width / this.canvas.clientWidth;
    let best = Infinity;
    for (let i = 0; i < count; i++) {
      const d = [0, 1, 2].map(k => positions[3 * i + k] - eye.centre[k]), z = dot(eye.ahead, d);
      if (z < 0.01 || z >= best || data[8 * i + 3] >>> 24 < 76) continue;
      const px = lens.fx * dot(eye.right, d) / z + lens.cx, py = lens.fy * dot(eye.down, d) / z + lens.cy;
      if (Math.hypot(px - ratio * x, py - ratio * y) < 8 * ratio) best = z;
    }
    if (best === Infinity) return;
    const at = [(ratio * x - lens.cx) / lens.fx * best, (ratio * y - lens.cy) / lens.fy * best];
    const target = new Eye(eye.right, eye.down, eye.ahead, eye.centre, best);
    target.move(at[0], at[1], 0);
    this.flight = {from: eye, to: target, start: performance.now()};
  }

  controls() {
    const {canvas, pointers} = this;
    canvas.addEventListener('contextmenu', event => event.preventDefault());
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      canvas.focus();
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    canvas.addEventListener('pointermove', event => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const dx = event.clientX - before[0], dy = event.clientY - before[1];
      if (pointers.size === 2) {
        const other = [...pointers.entries()].find(([id]) => id !== event.pointerId)[1];
        const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
        const is = Math.hypot(event.clientX - other[0], event.clientY - other[1]);
        if (was > 0 && is > 0) this.nearer(was / is);
        this.drag(dx / 2, dy / 2, true);
      } else {
        this.drag(dx, dy, event.buttons & 6 || event.shiftKey);
      }
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, event => pointers.delete(event.pointerId));
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      this.nearer(Math.exp((event.deltaMode ? 20 : 1) * event.deltaY * 0.0012));
    }, {passive: false});
    canvas.addEventListener('dblclick', event => this.pick(event.offsetX, event.offsetY));
    addEventListener('keydown', event => this.key(event));
    addEventListener('keyup', event => this.keys.delete(event.code));
    addEventListener('blur', () => this.keys.clear());
    byId('previous').onclick = () => this.go(this.chosen - 1);
    byId('next').onclick = () => this.go(this.chosen + 1);
    byId('level').onclick = () => this.level();
    byId('mode').onclick = () => this.turnMode();
    byId('question').onclick = () => this.help();
    byId('cameras').onchange = event => { this.go(event.target.selectedIndex); canvas.focus(); };
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.tagName === 'SELECT') return;
    const actions = {',': () => this.go(this.chosen - 1), '.': () => this.go(this.chosen + 1), Home: () => this.go(this.chosen),
      h: () => document.body.classList.toggle('bare'), l: () => this.level(), o: () => this.turnMode(), '?': () => this.help()};
    if (actions[event.key]) actions[event.key]();
    else if (/^(Key[WASDQE]|Arrow|Shift)/.test(event.code)) this.keys.add(event.code);
    else return;
    event.preventDefault();
  }

  turnMode() {
    this.looks = !this.looks;
    byId('mode').textContent = this.looks ? 'look' : 'orbit';
  }

  help() {
    byId('help').hidden = !byId('help').hidden;
    byId('question').setAttribute('aria-pressed', String(!byId('help').hidden));
  }

  lists() {
    for (const camera of this.scene.cameras) byId('cameras').add(new Option(camera.name));
    byId('cameras').selectedIndex = this.chosen;
    byId('status').textContent = `${this.splats.count.toLocaleString('en')} splats`;
  }
}

(async () => {
  try {
    if (typeof DecompressionStream === 'undefined') throw new Error('this browser is too old to unpack the splats; use one from 2023 or later');
    const bytes = await unpacked(byId('splats').textContent.trim());
    byId('splats').remove();
    new Viewer(JSON.parse(byId('scene').textContent), decoded(bytes));
  } catch (failure) {
    fail(failure.message);
    throw failure;
  }
})();
