# A made-up roll of one district, and its stations: awk -v voters=28000 -v part=voters|stations -f voters.awk
# Regions, names and dates are as made up as those of `bilik demo`: district 39.01.01 was never given out.
function word(n,   text) {
  # Two syllables of 12 x 5 each: enough names that few voters share one.
  text = ""
  for (; length(text) < 6;) {
    text = text substr("BDGKLMNPRSTW", n % 12 + 1, 1)
    n = int(n / 12)
    text = text substr("AEIOU", n % 5 + 1, 1)
    n = int(n / 5) + 7
  }
  return text
}
BEGIN {
  srand(1)
  stations = int(voters / 248) + 1
  if (part == "stations") {
    print "id,village,number,venue,address,lat,lon"
    for (s = 0; s < stations; s++) {
      village = "39010120" sprintf("%02d", s % 10 + 1)
      printf "%s%03d,%s,%d,Balai %s %s,\"Jl. %s No. %d, RT %02d RW %02d\",%.5f,%.5f\n", village, int(s / 10) + 1, village, \
        int(s / 10) + 1, word(int(rand() * 3600)), word(int(rand() * 3600)), word(int(rand() * 3600)), s + 1, s % 12 + 1, \
        s % 8 + 1, -5.5 + rand() / 10, 107.5 + rand() / 10
    }
    exit
  }
  print "nik,name,station"
  for (v = 0; v < voters; v++) {
    s = v % stations
    day = int(rand() * 28) + 1 + (rand() < 0.5 ? 40 : 0)
    printf "390101%02d%02d%02d%04d,%s %s %s,39010120%02d%03d\n", day, int(rand() * 12) + 1, int(rand() * 60) + 45 - (rand() < 0.3 ? 45 : 0), \
      v % 9999 + 1, word(int(rand() * 3600)), word(int(rand() * 3600)), word(int(rand() * 3600)), s % 10 + 1, int(s / 10) + 1
  }
}
