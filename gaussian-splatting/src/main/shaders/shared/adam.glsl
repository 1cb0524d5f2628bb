// Adam's update (Kingma and Ba 2015, algorithm 1). As floats; one less each of the betas must round as in the JVM engine.
const float BETA1 = 0.9;
const float REST1 = 0.10000002384185791;
const float BETA2 = 0.999;
const float REST2 = 0.0009999871253967285;
const float EPSILON = 1e-15;

// A parameter with the running means of its gradient and of the gradient's square.
struct Moved {
    float value;
    float first;
    float second;
};

// The same after a step against a gradient; the step's length has the correction of the first mean in it.
Moved moved(Moved p, float gradient, float step_, float correctSecond) {
    p.first = BETA1 * p.first + REST1 * gradient;
    p.second = BETA2 * p.second + REST2 * (gradient * gradient);
    p.value -= step_ * p.first / (sqrt(p.second * correctSecond) + EPSILON);
    return p;
}

void move(Floats parameters, Floats first, Floats second, uint at, float gradient, float step_, float correctSecond) {
    Moved p = moved(Moved(parameters.at[at], first.at[at], second.at[at]), gradient, step_, correctSecond);
    first.at[at] = p.first;
    second.at[at] = p.second;
    parameters.at[at] = p.value;
}
