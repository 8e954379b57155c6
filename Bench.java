package io.sallyport.egress.inject;
import io.sallyport.rpc.egress.BoundSecret;
import java.io.*;
import java.util.*;
public class Bench {
  public static void main(String[] a) throws Exception {
    var s = new Scrubbing(List.of(new BoundSecret("k","sk-live-0123456789abcdefghijklmnopqrstuv/+x","SALLY-PLACEHOLDER-1","a.example","https",443),
      new BoundSecret("k2","ghp_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789","SALLY-PLACEHOLDER-2","a.example","https",443)));
    var r = new Random(1);
    for (var kind : List.of("json","random","base64")) {
      var b = new byte[8<<20];
      if (kind.equals("random")) r.nextBytes(b);
      else if (kind.equals("base64")) { var x = new byte[6<<20]; r.nextBytes(x); b = Base64.getEncoder().encode(x); }
      else { var t = "{\"id\":\"resp_68af\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"content\":\" skilled secret gho \"}}],\"usage\":null}\n\n".getBytes(); for (int i=0;i<b.length;i++) b[i]=t[i%t.length]; }
      var buf = new byte[64<<10];
      double best = 0;
      for (int i=0;i<15;i++) { var in = s.body(new ByteArrayInputStream(b), Scrubbing.Coding.IDENTITY); long t0=System.nanoTime(); while (in.read(buf,0,buf.length)>=0){} long t1=System.nanoTime(); best=Math.max(best, b.length/1e6/((t1-t0)/1e9)); }
      System.out.printf("%s %.0f MB/s%n", kind, best);
    }
  }
}
