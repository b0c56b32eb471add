"""Draws `harbour.jpg`, a harbour at dusk, and `kite.png`, a kite on a transparent ground.

Both are made from nothing but this module and its seed. They are the project's own pictures,
under its Apache-2.0 licence. `python -m scripts.demonstration.pictures.draw` rewrites both.
"""

import math
from hashlib import shake_256
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

FOLDER = Path(__file__).parent

Colour = tuple[float, float, float]
Layer = tuple[Image.Image, bytes, float]

SEED, FIELD, WIDTH, HEIGHT, HORIZON, CENTRE = 22, 1024, 768, 512, 292, 384
FOCAL, EYE, SUN = 900.0, 3.0, (528.0, 226.0)
HAZE: Colour = (0.98, 0.44, 0.19)
LIGHT = [1.3 * (value / 255) ** 2.2 for value in range(256)]

# Shapes: one colour, or two from left to right, and the corners, in metres or points of a picture.
BOAT = """#0c0d12 .3,1 .3,11.7 .42,11.7 .46,1; #c58a68 #6d4a4a -4,1.9 -3.5,3.8 -2.85,5.7 -2,7.5
-1,9.4 -.4,10.4 .2,11.3 .3,11.3 .3,1.75; #7d554c -3.5,3.8 .3,3.4 .3,3.46 -3.5,3.88; #7d554c
-2.85,5.7 .3,5.3 .3,5.36 -2.85,5.78; #7d554c -2,7.5 .3,7.1 .3,7.16 -2,7.58; #7c5450 #e3a67a .62,10.2
4.4,1.3 2.6,1.6 .6,1.95 .8,3.8 .9,5.6 .84,7.6; #15131a -4.1,1.85 -4.1,1.7 .4,1.5 .4,1.68; #0c0d12
.36,11.5 4.6,1.1 4.66,1.1 .4,11.5; #2a2226 -1.9,.7 -1.5,1.3 1.1,1.25 2,.8; #0d0f18 #3a2b2e -4,-.1
-4.2,.5 -4.3,.95 -2,.84 1,.86 4.7,1.12 4.2,.5 3.7,-.1; #b98a6c #d9a37c -4.3,.95 -4.3,.89 -2,.77
1,.79 4.6,1.04 4.7,1.12 1,.86 -2,.84; #100e12 -3.3,.8 -3.25,1.5 -3.12,1.6 -3.14,1.82 -2.98,1.9
-2.86,1.8 -2.88,1.6 -2.72,1.4 -2.7,.8"""
LIGHTHOUSE = """#e0a884 #3d3440 -1,1 -.75,9 .95,9 1.2,1; #963c2c #2a171d -.92,4 -.83,6.2 1.03,6.2
1.12,4; #17141b -1.2,9 -1.2,9.25 1.4,9.25 1.4,9; #17141b -.6,9.2 -.6,10.6 .1,11.5 .8,10.6 .8,9.2;
#ffe9a8 -.4,9.5 -.4,10.5 .6,10.5 .6,9.5; #30262a #1c171d -4.8,-.1 -4.5,.5 -4.1,.6 -3.9,.8 -3.4,1
-3,.9 -2.4,.7 -2.1,1.3 -1,1.2 -.3,1.2 .6,1.4 1.1,1.6 2.1,1.8 2.8,1.2 3.9,1.3 4.6,1.6 5.7,1.5 6.3,1.1
7,1.2 7.4,1.7 8.5,1.9 9.2,1.1 10.1,1.2 10.6,1.3 11.3,1.1 11.7,1.4 12.3,1.5 12.6,1.6 13.1,1.8
13.4,1.4 14.5,1.5 15.2,1.1 16,1.3 16.5,1.3 17,1.5 16.5,1.3 16.5,-.1; #4a3a38 1.1,.6 1.4,1 2,.9
1.9,.6; #3f3233 -2.8,.5 -2.5,.9 -1.9,.8 -2,.5; #5a4540 5.7,.5 6,.9 6.6,.8 6.5,.5"""
SHORE = """#54403f 18,0 18,3 21,6 25,3 29,4 31,2 37,3 39,7 40,13 41,7 42,3 46,4 51,6 57,3 59,6 64,3
70,5 74,2 80,4 83,0; #ffd690 20,1 20,3 22,3 22,1; #ffd690 33,1 33,3 35,3 35,1; #ffd690 48,2 48,4
50,4 50,2; #ffd690 60,1 60,3 62,3 62,1; #54403f 314,0 315,3 320,5 324,3 327,6 331,3 336,4 340,6
344,3 350,5 355,3 358,0; #ffd690 319,1 319,3 321,3 321,1; #ffd690 339,2 339,4 341,4 341,2"""
POSTS = """#452c25 #0b090d 668,-240 669,-101 676,-97 698,-98 704,-103 706,-240; #2a1c1b #08070a
664,-142 664,-128 708,-126 708,-140; #4c3027 #0b090d 724,-240 725,-71 733,-66 756,-67 763,-73
765,-240; #1c1415 690,-130 705,-148 730,-150 768,-120 768,-126 730,-157 703,-155 688,-136"""
KITE = """#5b4636 -104,-136 -116,-150 -124,-163 -127,-176 -125,-190 -117,-203 -103,-217 -81,-230
-54,-244 -22,-258 15,-272 55,-285 54,-288 14,-274 -23,-261 -55,-247 -83,-233 -104,-219 -119,-205
-128,-191 -130,-176 -127,-162 -118,-148 -106,-134; #ef4b3c -108,-173 -100,-153 -119,-151 -129,-135
-143,-151 -122,-156; #ffc93c -105,-189 -115,-170 -129,-183 -148,-180 -145,-201 -127,-188; #2e86d9
-83,-207 -103,-198 -105,-216 -122,-225 -108,-241 -101,-219; #3cc6a4 -27,-235 -48,-230 -47,-249
-61,-261 -43,-273 -42,-251; #ef4b3c 71,-270 50,-267 52,-286 39,-299 57,-310 57,-288; #ef4b3c #c9252d
95,120 -67,99 23,28; #ffc93c #f59a1b 95,120 23,28 113,-43; #2e86d9 #1b5fae -67,99 -105,-135 23,28;
#3cc6a4 #17907f 23,28 -105,-135 113,-43; #ffc93c #f59a1b 53,67 -15,58 23,28; #ef4b3c #c9252d 53,67
23,28 61,-2; #3cc6a4 #17907f -15,58 -31,-40 23,28; #2e86d9 #1b5fae 23,28 -31,-40 61,-2; #3b2a2a
94,121 -106,-134 -104,-136 96,119; #3b2a2a -68,98 112,-44 114,-42 -66,100"""


def chances(label: str, count: int) -> bytes:
    """As many reproducible random bytes as asked for, different for each label."""
    return shake_256(f"{SEED} {label}".encode()).digest(count)


def noise(label: str, across: int, down: int) -> list[float]:
    """Cloudlike values around zero, FIELD by FIELD, coarse noise under ever finer noise."""
    total = [0.0] * (FIELD * FIELD)
    for octave in range(7):
        size = (across << octave, down << octave)
        grains = Image.frombytes("L", size, chances(f"{label} {octave}", size[0] * size[1]))
        # Floats, since eight bits would show as contour lines once the clouds are lit.
        extent, bicubic = Image.Transform.EXTENT, Image.Resampling.BICUBIC
        smooth = grains.convert("F").transform((FIELD, FIELD), extent, (0, 0, *size), bicubic)
        values, scale = memoryview(smooth.tobytes()).cast("f"), 0.5**octave / 128
        total = [a + (b - 127.5) * scale for a, b in zip(total, values, strict=True)]
    return total


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour that lies `share` of the way from one to the other."""
    (a, b, c), (d, e, f) = one, other
    return (a + (d - a) * share, b + (e - b) * share, c + (f - c) * share)


def step(low: float, high: float, value: float) -> float:
    """Zero below `low`, one above `high`, an eased slope between."""
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return share * share * (3 - 2 * share)


def sky(x: int, y: int, clouds: list[float]) -> Colour:
    """The light that comes from the evening sky at a point of the picture."""
    height, away = (HORIZON - y) / HORIZON, math.hypot((x - SUN[0]) * 0.75, y - SUN[1])
    light = mix(HAZE, (0.50, 0.30, 0.35), step(0.0, 0.5, height))
    light = mix(light, (0.07, 0.13, 0.29), step(0.18, 1.05, height))
    # A flat ceiling of cloud crowds together towards the horizon.
    far = 1 / (height + 0.16)
    u, v = int(512 + (x - CENTRE) * far * 0.26) % FIELD, int(190 * far)
    here = clouds[v % FIELD * FIELD + u]
    thick = step(-0.12, 0.5, here) * step(0.05, 0.3, height)
    # Thinner cloud on the sun's side lets the light in: this is what gives clouds their depth.
    relief = min(max(0.5 + 1.8 * (here - clouds[(v + 9) % FIELD * FIELD + u]), 0.0), 1.0)
    lit = mix((0.13, 0.11, 0.18), (1.15, 0.45, 0.27), relief * (0.4 + 0.7 * math.exp(-away / 260)))
    flare = math.exp(-away / 95) * (1.4 - 0.7 * thick) + 2.2 * math.exp(-away / 20)
    return mix(mix(light, lit, 0.88 * thick), (30, 21, 11), 1 - step(7, 9.5, away) + flare / 30)


def land(x: int, y: int, light: Colour, ground: list[float]) -> Colour:
    """What is seen at a point once hills stand before the sky, the farther the paler."""
    near = math.exp(-math.hypot(x - SUN[0], y - SUN[1]) / 130)
    veil = mix(HAZE, (0.44, 0.27, 0.32), 0.5 - near / 2)
    for index, (top, swing, haze) in enumerate(((52, 26, 0.72), (34, 22, 0.42), (13, 15, 0.13))):
        row, tilt = (100 + 290 * index) * FIELD, (18, -24, 14)[index] * (0.5 - x / WIDTH)
        trees = index * ground[row + 60 * FIELD + x * 7 % FIELD] + tilt
        ridge = HORIZON - max(top + trees + swing * ground[row + (x + 131 * index) % FIELD], 2.5)
        mist = haze + 0.25 * step(ridge, HORIZON, y) + 0.35 * near * (haze + 0.2)
        slope = mix((0.03, 0.033, 0.05), veil, min(mist, 1) * 0.8)
        light = mix(light, slope, step(ridge - 0.9, ridge + 0.9, y))
    return light


def paint(shapes: str, x: float, y: float, unit: float, blur: float) -> Layer:
    """A page with shapes around a spot on it, out of focus, and the line that mirrors them."""
    # Drawn four times too large, for edges that are smooth once it is reduced.
    page = Image.new("RGBA", (WIDTH * 4, HEIGHT * 4))
    for shape in shapes.split(";"):
        tones = [word for word in shape.split() if "#" in word]
        corners = [word.split(",") for word in shape.split()[len(tones) :]]
        outline = [(4 * (x + float(a) * unit), 4 * (y - float(b) * unit)) for a, b in corners]
        mask, (left, _), (right, _) = Image.new("L", page.size), min(outline), max(outline)
        ImageDraw.Draw(mask).polygon(outline, fill=255)
        slant = (0, 0, 0, 256 / (right - left), 0, 256 * left / (left - right))
        ramp = Image.linear_gradient("L").transform(page.size, Image.Transform.AFFINE, slant)
        page.paste(ImageOps.colorize(ramp, tones[0], tones[-1]), mask=mask)
    blurred = page.convert("RGBa").reduce(4).filter(ImageFilter.GaussianBlur(blur))
    small = blurred.convert("RGBA")
    return small, small.tobytes(), y


def water(y: int, air: list[Colour], layers: list[Layer], ground: list[float]) -> list[Colour]:
    """One row of the sea, from what each ripple mirrors towards the eye."""
    fall, hidden, seen, row = (y + 0.5 - HORIZON) / FOCAL, 0.0, list[Colour](), list[Colour]()
    away, random = EYE / fall, chances(f"row {y}", WIDTH * 6)
    for index, chance in enumerate(chances("waves", 44)):
        along, angle = 1.2 * 1.1**index, (chance - 127.5) / 110
        # A ripple smaller than a point of the picture cannot be seen: it only blurs the mirror.
        fade = math.exp(-((along * away * away / EYE / FOCAL) ** 2) / 6)
        hidden += 0.00006 * (1 - fade * fade)
        seen.append((along * math.tan(angle), along * away + chance * 7, 0.01 * fade))
    for x in range(WIDTH):
        place = (x - CENTRE) / FOCAL * away
        gust = ground[int(away * 2.2) % FIELD * FIELD + int(place * 5 + 512) % FIELD]
        rough, total = 0.55 + 0.9 * step(-0.5, 0.6, gust), (0.0, 0.0, 0.0)
        lean = sum(size * math.cos(across * place + turn) for across, turn, size in seen)
        for sample, spread in enumerate((-1.38, -0.67, -0.21, 0.21, 0.67, 1.38)):
            jitter = random[6 * x + sample] / 255 - 0.5
            slope = (lean + (spread + jitter) * math.sqrt(hidden)) * rough
            facing = max(fall + slope, 0.004)
            rise = abs(2 * facing - fall) * FOCAL
            aside = min(max(x + int(slope * 120 + jitter * 5), 0), WIDTH - 1)
            light = air[max(HORIZON - 1 - int(rise), 0) * WIDTH + aside]
            for _, points, line in layers:
                mirrored = int(line - rise * (1 - (line - HORIZON) / (fall * FOCAL)))
                start = 4 * (max(mirrored, 0) * WIDTH + aside)
                if mirrored <= line < y and points[start + 3]:
                    red, green, blue, cover = points[start : start + 4]
                    light = mix(light, (LIGHT[red], LIGHT[green], LIGHT[blue]), cover / 255)
            light = mix((0.010, 0.024, 0.034), light, 0.03 + 0.97 * (1 - facing) ** 5)
            total = mix(total, light, 1 / (sample + 1))
        row.append(total)
    return row


def harbour() -> Image.Image:
    """The harbour at dusk, as a camera would have taken it."""
    clouds, ground, size = noise("clouds", 7, 8), noise("ground", 6, 64), (WIDTH, HEIGHT)
    air = [land(x, y, sky(x, y, clouds), ground) for y in range(HORIZON) for x in range(WIDTH)]
    layers = [paint(SHORE, 0, 294, 1.3, 0.7), paint(BOAT, 404, 303, 11 / EYE, 0.7)]
    layers += [paint(LIGHTHOUSE, 668, 313, 21 / EYE, 0.6), paint(BOAT, 222, 346, 54 / EYE, 0.3)]
    scene = air + [light for y in range(HORIZON, HEIGHT) for light in water(y, air, layers, ground)]
    film = (1 - math.exp(-1.35 * part) for light in scene for part in light)
    picture = Image.frombytes("RGB", size, bytes(int(255 * part**0.48) for part in film))
    for page, _, _ in [*layers, paint(POSTS, 0, 295, 1, 3.5)]:
        picture.paste(page, mask=page)
    bright = ImageChops.subtract(picture, Image.new("RGB", size, "#bebebe"))
    picture = ImageChops.screen(picture, bright.filter(ImageFilter.GaussianBlur(14)))
    edges = Image.radial_gradient("L").transform(size, Image.Transform.EXTENT, (38, 38, 218, 218))
    shadow = ImageOps.invert(ImageChops.multiply(edges, edges)).convert("RGB")
    picture = Image.blend(picture, ImageChops.multiply(picture, shadow), 0.5)
    grain = Image.frombytes("L", size, chances("grain", WIDTH * HEIGHT))
    return Image.blend(picture, grain.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB"), 0.045)


def main() -> None:
    """Writes both pictures beside this file."""
    kite = paint(KITE, 265, 165, 1, 0)[0].crop((0, 0, 480, 480))
    kite.save(FOLDER / "kite.png", optimize=True)
    harbour().save(FOLDER / "harbour.jpg", quality=88, optimize=True)


if __name__ == "__main__":
    main()
