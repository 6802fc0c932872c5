# U-Boot's part of the two slots (firmware/slot): the newer whole copy of the state says
# which slot is confirmed and which is to be tried. Each start of a slot that is tried is
# counted before it begins, in the other copy, so that a loss of power leaves one whole.
# A state that cannot be read starts slot A.
setenv disk virtio
setenv part 0
setenv a 0x44000000
setenv seq0 0
setenv seq1 0

# The copies: sectors 2032 and 2040, two sectors each (hexadecimal: 7f0, 7f8).
setenv active; setenv try; setenv left; setenv seq
if ${disk} read ${a} 0x7f0 2 && env import -c ${a} 0x400; then
  setenv seq0 ${seq}; setenv active0 ${active}; setenv try0 ${try}; setenv left0 ${left}
fi
setenv active; setenv try; setenv left; setenv seq
if ${disk} read ${a} 0x7f8 2 && env import -c ${a} 0x400; then
  setenv seq1 ${seq}; setenv active1 ${active}; setenv try1 ${try}; setenv left1 ${left}
fi
setenv active a; setenv try none; setenv left 0; setenv seq 10000000; setenv next 0x7f0
if test "${seq0}" > "${seq1}"; then
  setenv active ${active0}; setenv try ${try0}; setenv left ${left0}; setenv seq ${seq0}; setenv next 0x7f8
elif test "${seq1}" != 0; then
  setenv active ${active1}; setenv try ${try1}; setenv left ${left1}; setenv seq ${seq1}; setenv next 0x7f0
fi

setenv slot ${active}
if test "${try}" != none && test "${left}" != 0; then
  setenv slot ${try}
  setexpr left ${left} - 1
  setexpr seq ${seq} + 1
  mw.b ${a} 0 0x400
  env export -c -s 0x400 ${a} active left seq try
  ${disk} write ${a} ${next} 2
fi

setenv p 2
if test "${slot}" = b; then setenv p 3; fi
echo "pasokh: slot ${slot}"
setenv bootargs "pasokh.slot=${slot} panic=5 loglevel=6 ${extra}"
if load ${disk} ${part}:${p} ${kernel_addr_r} Image.gz; then
  # A packed kernel is unpacked behind everything else.
  setenv kernel_comp_addr_r 0x4c000000
  setenv kernel_comp_size 0x4000000
  setenv ramdisk_addr_r 0x48000000
  load ${disk} ${part}:${p} ${ramdisk_addr_r} initrd.img && booti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdtcontroladdr}
elif load ${disk} ${part}:${p} ${kernel_addr_r} zImage; then
  load ${disk} ${part}:${p} ${ramdisk_addr_r} initrd.img && bootz ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdtcontroladdr}
fi
echo "pasokh: slot ${slot} does not start"
sleep 1
reset
