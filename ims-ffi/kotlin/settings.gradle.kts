rootProject.name = "ims"
include("till")
