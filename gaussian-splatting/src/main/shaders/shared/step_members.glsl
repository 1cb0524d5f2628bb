// Members of the step's block, in the order in which StepBlock writes them.
vec3 right; // rows of the rotation camera from world
vec3 down;
vec3 forward;
vec3 centre; // camera centre in the world, and what its rounding to floats left over
vec3 centreRest;
vec2 focal;
vec2 principal;
vec2 minSlope; // bounds of x/z and y/z in the Jacobian of a pinhole
vec2 maxSlope;
uvec2 size;
uvec2 tiles;
uint degree; // of the spherical harmonics
vec3 background;
float bySimilarity; // factors of the loss gradient
float byAbsolute;
float meansStep; // rates with the correction of the first moment in them
float logScalesStep;
float quaternionsStep;
float logitsStep;
float shBaseStep;
float shRestStep;
float correctSecond;
float opacityPenalty;
float scalePenalty;
float noise; // times the rate of the centres; 0 for none
uvec2 seed; // low word first
uint iteration; // from 1
uint inverseDepths; // 1 where the depth plane adds up 1 / (depth + depthOffset)
float depthOffset;
uint dropBelow; // Gaussians whose hash has 24 bits below this are left out
float opacityGain; // what the others' opacities are raised by, 1 for nothing
vec4 mapRed; // rows of the photo's colour map
vec4 mapGreen;
vec4 mapBlue;
float byDepth; // factor of the gradient of the depth term
uint parallel; // 1 for a parallel projection: focal is then pixels per scene unit
uint mip; // 1 where the low-pass dims what it widens
uint gaussians; // how many there are
uint photo; // whose parameters the step moves, see shared/photos.glsl
float coloursStep; // rates of what is learnt about it, as those above; 0 for nothing
float posesStep;
float correctSecondOfPhoto;
float backgroundStep; // of the colour behind all photos
float featuresStep;
float byShape; // factors of the terms of predicted depths and features
float byNormals;
float byFeatures;
float byGram;
